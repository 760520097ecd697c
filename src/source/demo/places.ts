export interface Country {
  /** As theLook spells it. */
  name: string;
  /** Share of acquisition. */
  weight: number;
  /** Factor on the days in transit from a distribution centre in the United States. */
  distance: number;
  /** State, city, latitude, longitude, relative size. */
  cities: [string, string, number, number, number][];
}

export const countries: Country[] = [
  {
    name: 'United States',
    weight: 34,
    distance: 1,
    cities: [
      ['New York', 'New York', 40.71, -74.01, 16],
      ['California', 'Los Angeles', 34.05, -118.24, 12],
      ['California', 'San Diego', 32.72, -117.16, 5],
      ['California', 'San Jose', 37.34, -121.89, 4],
      ['Illinois', 'Chicago', 41.88, -87.63, 9],
      ['Texas', 'Houston', 29.76, -95.37, 8],
      ['Texas', 'San Antonio', 29.42, -98.49, 4],
      ['Texas', 'Austin', 30.27, -97.74, 4],
      ['Arizona', 'Phoenix', 33.45, -112.07, 5],
      ['Pennsylvania', 'Philadelphia', 39.95, -75.17, 5],
      ['Washington', 'Seattle', 47.61, -122.33, 4],
      ['Colorado', 'Denver', 39.74, -104.99, 4],
      ['Massachusetts', 'Boston', 42.36, -71.06, 4],
      ['Georgia', 'Atlanta', 33.75, -84.39, 4],
      ['Florida', 'Miami', 25.76, -80.19, 4],
      ['Nevada', 'Las Vegas', 36.17, -115.14, 2],
    ],
  },
  {
    name: 'Germany',
    weight: 13,
    distance: 1.5,
    cities: [
      ['Berlin', 'Berlin', 52.52, 13.4, 9],
      ['Hamburg', 'Hamburg', 53.55, 9.99, 5],
      ['Bayern', 'München', 48.14, 11.58, 5],
      ['Nordrhein-Westfalen', 'Köln', 50.94, 6.96, 4],
      ['Hessen', 'Frankfurt am Main', 50.11, 8.68, 3],
      ['Baden-Württemberg', 'Stuttgart', 48.78, 9.18, 3],
      ['Sachsen', 'Leipzig', 51.34, 12.37, 2],
    ],
  },
  {
    name: 'China',
    weight: 11,
    distance: 1.8,
    cities: [
      ['Shanghai', 'Shanghai', 31.23, 121.47, 8],
      ['Beijing', 'Beijing', 39.9, 116.41, 7],
      ['Guangdong', 'Shenzhen', 22.54, 114.06, 5],
      ['Guangdong', 'Guangzhou', 23.13, 113.26, 5],
      ['Sichuan', 'Chengdu', 30.57, 104.07, 4],
      ['Zhejiang', 'Hangzhou', 30.27, 120.16, 3],
      ['Hubei', 'Wuhan', 30.59, 114.31, 3],
    ],
  },
  {
    name: 'United Kingdom',
    weight: 10,
    distance: 1.4,
    cities: [
      ['England', 'London', 51.51, -0.13, 12],
      ['England', 'Birmingham', 52.48, -1.9, 3],
      ['England', 'Manchester', 53.48, -2.24, 3],
      ['England', 'Leeds', 53.8, -1.55, 2],
      ['England', 'Bristol', 51.45, -2.59, 2],
      ['Scotland', 'Edinburgh', 55.95, -3.19, 2],
      ['Wales', 'Cardiff', 51.48, -3.18, 1],
    ],
  },
  {
    name: 'Brasil',
    weight: 9,
    distance: 1.7,
    cities: [
      ['São Paulo', 'São Paulo', -23.55, -46.63, 9],
      ['Rio de Janeiro', 'Rio de Janeiro', -22.91, -43.17, 5],
      ['Bahia', 'Salvador', -12.97, -38.5, 3],
      ['Distrito Federal', 'Brasília', -15.79, -47.88, 3],
      ['Ceará', 'Fortaleza', -3.73, -38.53, 2],
      ['Paraná', 'Curitiba', -25.43, -49.27, 2],
      ['Amazonas', 'Manaus', -3.12, -60.02, 1],
    ],
  },
  {
    name: 'France',
    weight: 7,
    distance: 1.5,
    cities: [
      ['Île-de-France', 'Paris', 48.86, 2.35, 9],
      ["Provence-Alpes-Côte d'Azur", 'Marseille', 43.3, 5.37, 3],
      ['Auvergne-Rhône-Alpes', 'Lyon', 45.76, 4.84, 3],
      ['Occitanie', 'Toulouse', 43.6, 1.44, 2],
      ['Nouvelle-Aquitaine', 'Bordeaux', 44.84, -0.58, 2],
      ['Pays de la Loire', 'Nantes', 47.22, -1.55, 1],
    ],
  },
  {
    name: 'Spain',
    weight: 5,
    distance: 1.5,
    cities: [
      ['Comunidad de Madrid', 'Madrid', 40.42, -3.7, 5],
      ['Cataluña', 'Barcelona', 41.39, 2.17, 4],
      ['Comunidad Valenciana', 'Valencia', 39.47, -0.38, 2],
      ['Andalucía', 'Sevilla', 37.39, -5.98, 2],
      ['País Vasco', 'Bilbao', 43.26, -2.93, 1],
    ],
  },
  {
    name: 'South Korea',
    weight: 4,
    distance: 1.8,
    cities: [
      ['Seoul', 'Seoul', 37.57, 126.98, 6],
      ['Busan', 'Busan', 35.18, 129.08, 2],
      ['Incheon Metropolitan City', 'Incheon Metropolitan City', 37.46, 126.71, 2],
      ['Daegu Metropolitan City', 'Daegu Metropolitan City', 35.87, 128.6, 1],
    ],
  },
  {
    name: 'Japan',
    weight: 3,
    distance: 1.8,
    cities: [
      ['Tokyo', 'Tokyo', 35.68, 139.69, 6],
      ['Osaka', 'Osaka City', 34.69, 135.5, 3],
      ['Kanagawa', 'Yokohama City', 35.44, 139.64, 2],
      ['Fukuoka', 'Fukuoka City', 33.59, 130.4, 1],
    ],
  },
  {
    name: 'Australia',
    weight: 3,
    distance: 1.9,
    cities: [
      ['New South Wales', 'Sydney', -33.87, 151.21, 4],
      ['Victoria', 'Melbourne', -37.81, 144.96, 4],
      ['Queensland', 'Brisbane', -27.47, 153.03, 2],
      ['Western Australia', 'Perth', -31.95, 115.86, 1],
    ],
  },
  {
    name: 'Belgium',
    weight: 1,
    distance: 1.5,
    cities: [
      ['Brussels', 'Brussels', 50.85, 4.35, 3],
      ['Flanders', 'Antwerp', 51.22, 4.4, 2],
      ['Wallonia', 'Liège', 50.63, 5.57, 1],
    ],
  },
];

export interface Place {
  /** Index into `countries`. */
  country: number;
  state: string;
  city: string;
  latitude: number;
  longitude: number;
  weight: number;
}

/** All cities, grouped by country in order. */
export const places: Place[] = countries.flatMap(({ cities }, country) =>
  cities.map(([state, city, latitude, longitude, weight]) => ({ country, state, city, latitude, longitude, weight })),
);
