import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import type { GeometryObject, Topology } from 'topojson-specification';

type Country = GeometryObject<{ name: string }> & { properties: { name: string } };
type Atlas = Topology & { objects: { countries: { type: 'GeometryCollection'; geometries: Country[] } } };

const require = createRequire(import.meta.url);
let atlas: Atlas | undefined;
let register: Map<string, string> | undefined;

/** Natural Earth's countries at 1:110m (TopoJSON, object `countries`), from the package world-atlas. */
export function worldAtlas(): Atlas {
  atlas ??= require('world-atlas/countries-110m.json') as Atlas;
  return atlas;
}

/** The map's names of all countries but Antarctica. */
export function mapNames(): string[] {
  return worldAtlas()
    .objects.countries.geometries.map(({ properties }) => properties.name)
    .filter((name) => name !== 'Antarctica');
}

/** Outer rings of a country's polygons, as [longitude, latitude]. */
export function outline(name: string): [number, number][][] {
  const world = worldAtlas();
  const found = world.objects.countries.geometries.find((geometry) => geometry.properties.name === name);
  if (!found) return [];
  const shape = feature(world, found);
  if (shape.type !== 'Feature') return [];
  const { geometry } = shape;
  if (geometry.type === 'Polygon') return [geometry.coordinates[0] as [number, number][]];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.map((polygon) => polygon[0] as [number, number][]);
  return [];
}

/**
 * The map's own name of a country, from its English name, its ISO code, its name in one of eight languages, or a common short form.
 * Null where the map has no such country.
 */
export function countryOnMap(text: string): string | null {
  register ??= names();
  return register.get(plain(text)) ?? null;
}

// Where the map, CLDR and shops spell differently.
const spellings: Record<string, string[]> = {
  'United States of America': ['United States', 'USA', 'U.S.A.', 'U.S.', 'America'],
  'United Kingdom': ['Great Britain', 'Britain', 'England', 'Scotland', 'Wales', 'Northern Ireland', 'UK'],
  Ireland: ['Eire', 'Republic of Ireland'],
  'South Africa': ['RSA'],
  'South Korea': ['Korea', 'Republic of Korea', 'Korea, South', 'Korea, Republic of'],
  'North Korea': ["Korea, Democratic People's Republic of"],
  Netherlands: ['Holland', 'The Netherlands'],
  Czechia: ['Czech Republic'],
  Turkey: ['Türkiye'],
  Russia: ['Russian Federation'],
  Vietnam: ['Viet Nam'],
  Iran: ['Islamic Republic of Iran', 'Iran, Islamic Republic of'],
  Syria: ['Syrian Arab Republic'],
  Tanzania: ['United Republic of Tanzania'],
  Venezuela: ['Bolivarian Republic of Venezuela'],
  Bolivia: ['Plurinational State of Bolivia'],
  Moldova: ['Republic of Moldova'],
  Laos: ["Lao People's Democratic Republic"],
  Brunei: ['Brunei Darussalam'],
  Macedonia: ['North Macedonia'],
  Myanmar: ['Burma', 'Myanmar (Burma)'],
  eSwatini: ['Swaziland'],
  "Côte d'Ivoire": ['Ivory Coast'],
  Congo: ['Congo - Brazzaville', 'Republic of the Congo'],
  'Dem. Rep. Congo': ['Congo - Kinshasa', 'Democratic Republic of the Congo', 'DR Congo'],
  'Central African Rep.': ['Central African Republic'],
  'Dominican Rep.': ['Dominican Republic'],
  'Eq. Guinea': ['Equatorial Guinea'],
  'S. Sudan': ['South Sudan'],
  'W. Sahara': ['Western Sahara'],
  'Bosnia and Herz.': ['Bosnia & Herzegovina', 'Bosnia and Herzegovina', 'Bosnia'],
  'Trinidad and Tobago': ['Trinidad & Tobago'],
  'Solomon Is.': ['Solomon Islands'],
  'Falkland Is.': ['Falkland Islands'],
  'Fr. S. Antarctic Lands': ['French Southern Territories'],
  'United Arab Emirates': ['UAE'],
  Palestine: ['Palestinian Territories', 'State of Palestine'],
  Taiwan: ['Taiwan, Province of China'],
};

function names(): Map<string, string> {
  const result = new Map<string, string>();
  for (const name of mapNames()) result.set(plain(name), name);
  for (const [name, others] of Object.entries(spellings)) for (const other of others) result.set(plain(other), name);
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const english = regions('en');
  const others = ['de', 'es', 'fr', 'it', 'nl', 'pl', 'pt'].map(regions);
  for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
    const name = result.get(plain(english.of(code) ?? ''));
    if (!name) continue;
    for (const key of [code, ...others.map((language) => language.of(code) ?? code)])
      if (!result.has(plain(key))) result.set(plain(key), name);
  }
  return result;
}

function regions(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' });
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^\p{L}]/gu, '');
}
