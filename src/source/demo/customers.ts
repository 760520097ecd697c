import { random } from '../random.ts';
import { type Calendar, growthPerYear, season, week } from './calendar.ts';
import { countries, places } from './places.ts';
import { faded, isIn, type Planted } from './planted.ts';
import { tastes } from './tastes.ts';

/** BG/NBD with time in weeks, and Gamma-Gamma spend in USD. */
export const process = {
  bgnbd: { r: 0.32, alpha: 9, a: 0.8, b: 2.2 },
  gammaGamma: { p: 6, q: 8, v: 87.5 },
} as const;

/** Where a customer first came from: share of sign-ups and probability of ever being a buyer. */
export const sources = [
  { name: 'Search', share: 0.42, buys: 0.76 },
  { name: 'Organic', share: 0.2, buys: 0.79 },
  { name: 'Email', share: 0.13, buys: 0.89 },
  { name: 'Facebook', share: 0.15, buys: 0.69 },
  { name: 'Display', share: 0.1, buys: 0.62 },
];

/** Columns, a row a customer in the order of sign-up; the index plus one is the id. */
export interface Customers {
  count: number;
  /** Seconds of the calendar. */
  signup: Int32Array;
  place: Int32Array;
  source: Int32Array;
  taste: Int32Array;
  /** Department index: 0 women, 1 men; also the gender. */
  gender: Int32Array;
  age: Int32Array;
  latitude: Float64Array;
  longitude: Float64Array;
  /** 1: buys sooner or later. */
  buys: Uint8Array;
  /** BG/NBD purchase rate a week and dropout probability; Gamma-Gamma rate of the order value. */
  rate: Float64Array;
  dropout: Float64Array;
  nu: Float64Array;
}

/** Draws `count` sign-ups: growth × season × promotion by week, the weekly pattern within it, outage and fading region by rejection. */
export function customers(count: number, seed: number, calendar: Calendar, planted: Planted): Customers {
  const draw = random(seed, 'customers');
  const weights = Float64Array.from({ length: calendar.weeks }, (_, number) => {
    const middle = (number + 0.5) * week;
    const promoted = isIn(planted.promotion, middle) ? planted.promotion.acquisition : 1;
    return (1 + growthPerYear) ** (middle / (365.25 * 86_400)) * season(calendar.origin + middle) * promoted;
  });
  const cumulative = weights.slice();
  for (let i = 1; i < cumulative.length; i++) cumulative[i]! += cumulative[i - 1]!;
  const countryWeights = countries.map(({ weight }) => weight);

  // A key holds moment and country, so that sorting numbers sorts sign-ups.
  const keys = new Float64Array(count);
  for (let i = 0; i < count; ) {
    const seconds = Math.floor(calendar.clock(weekOf(cumulative, draw.uniform()) + draw.uniform()));
    const country = draw.categorical(countryWeights);
    const chance = draw.uniform();
    if (seconds < calendar.open || seconds >= calendar.close) continue;
    if (isIn(planted.outage, seconds) && chance < planted.outage.lost) continue;
    if (chance < faded(planted, country, seconds)) continue;
    keys[i++] = seconds * 64 + country;
  }
  keys.sort();

  const int = () => new Int32Array(count);
  const real = () => new Float64Array(count);
  const result: Customers = {
    count,
    signup: int(),
    place: int(),
    source: int(),
    taste: int(),
    gender: int(),
    age: int(),
    latitude: real(),
    longitude: real(),
    buys: new Uint8Array(count),
    rate: real(),
    dropout: real(),
    nu: real(),
  };
  const cityWeights = countries.map((_, country) => places.map((place) => (place.country === country ? place.weight : 0)));
  const sourceWeights = sources.map(({ share }) => share);
  const tasteWeights = tastes.map(({ share }) => share);
  const { bgnbd, gammaGamma } = process;
  for (let i = 0; i < count; i++) {
    const key = keys[i]!;
    const place = draw.categorical(cityWeights[key % 64]!);
    const source = draw.categorical(sourceWeights);
    result.signup[i] = Math.floor(key / 64);
    result.place[i] = place;
    result.source[i] = source;
    result.taste[i] = draw.categorical(tasteWeights);
    result.gender[i] = draw.uniform() < 0.54 ? 0 : 1;
    result.age[i] = Math.min(74, 18 + Math.floor(draw.gamma(2.6, 0.15)));
    result.latitude[i] = nearby(places[place]!.latitude, draw.uniform());
    result.longitude[i] = nearby(places[place]!.longitude, draw.uniform());
    result.buys[i] = draw.uniform() < sources[source]!.buys ? 1 : 0;
    result.rate[i] = draw.gamma(bgnbd.r, bgnbd.alpha);
    result.dropout[i] = draw.beta(bgnbd.a, bgnbd.b);
    result.nu[i] = draw.gamma(gammaGamma.q, gammaGamma.v);
  }
  return result;
}

/** Within 0.15 degrees, to one decimal. */
const nearby = (degrees: number, uniform: number) => Math.round((degrees + 0.3 * (uniform - 0.5)) * 10) / 10;

function weekOf(cumulative: Float64Array, uniform: number): number {
  const target = uniform * cumulative[cumulative.length - 1]!;
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}
