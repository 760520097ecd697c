/** A distribution centre with its mean days from order to shipping and from shipping to delivery within the United States. */
export interface Centre {
  name: string;
  latitude: number;
  longitude: number;
  shipDays: number;
  transitDays: number;
}

export const centres: Centre[] = [
  { name: 'Memphis TN', latitude: 35.1495, longitude: -90.049, shipDays: 1.1, transitDays: 2.4 },
  { name: 'Chicago IL', latitude: 41.8781, longitude: -87.6298, shipDays: 1.3, transitDays: 2.6 },
  { name: 'Houston TX', latitude: 29.7604, longitude: -95.3698, shipDays: 1.6, transitDays: 2.9 },
  { name: 'Los Angeles CA', latitude: 34.0522, longitude: -118.2437, shipDays: 1.4, transitDays: 3.1 },
  { name: 'New Orleans LA', latitude: 29.9511, longitude: -90.0715, shipDays: 3.2, transitDays: 4.6 },
  { name: 'Newark NJ', latitude: 40.7357, longitude: -74.1724, shipDays: 1.2, transitDays: 2.5 },
  { name: 'Philadelphia PA', latitude: 39.9526, longitude: -75.1652, shipDays: 1.5, transitDays: 2.7 },
  { name: 'Mobile AL', latitude: 30.6954, longitude: -88.0399, shipDays: 2.1, transitDays: 3.6 },
  { name: 'Charleston SC', latitude: 32.7765, longitude: -79.9311, shipDays: 1.7, transitDays: 3.0 },
  { name: 'Savannah GA', latitude: 32.0809, longitude: -81.0912, shipDays: 1.4, transitDays: 2.8 },
];
