import { type Engine, literal } from '#warehouse/engine.ts';
import { type IdIndex, rowOf } from './id-index.ts';

/** Where something is popular: a region, a country (no region), or the shop as a whole (no country). */
export interface Place {
  country: string | null;
  region: string | null;
}

/**
 * What is bought most in each place, from the export `recommendations/popular`: products of place p stand at `offsets[p]` to
 * `offsets[p + 1]`, most customers first. Place 0 is the shop.
 */
export interface Places {
  names: Place[];
  /** The next larger place of each; −1 for the shop. */
  within: Int32Array;
  offsets: Int32Array;
  /** Positions in the catalogue. */
  product: Int32Array;
  /** Customers who bought it there lately. */
  customers: Int32Array;
}

/** Customers that make a product popular in a part of the shop, at least: fewer may be chance, or one household. */
const leastCustomers = 3;

export function shopAlone(): Places {
  const nothing = new Int32Array();
  return {
    names: [{ country: null, region: null }],
    within: Int32Array.of(-1),
    offsets: new Int32Array(2),
    product: nothing,
    customers: nothing,
  };
}

/** @throws QueryError for a file that isn't Parquet or lacks a column. */
export async function readPlaces(engine: Engine, file: string, products: IdIndex): Promise<Places> {
  const rows = await engine.columns(
    `select country::varchar as country, region::varchar as region, product_id, customers::integer as customers
    from read_parquet(${literal(file)}) where customers >= ${leastCustomers} or country is null
    order by country nulls first, region nulls first, place`,
    'popular',
  );
  const names: Place[] = [{ country: null, region: null }];
  const numbers = new Map([[keyOf(names[0]!), 0]]);
  const offsets = [0];
  const product: number[] = [];
  const customers: number[] = [];
  (rows.product_id as string[]).forEach((id, i) => {
    const at = rowOf(products, id);
    if (at < 0) return;
    const name: Place = { country: rows.country![i] as string | null, region: rows.region![i] as string | null };
    if (!numbers.has(keyOf(name))) {
      numbers.set(keyOf(name), names.push(name) - 1);
      offsets.push(product.length);
    }
    product.push(at);
    customers.push(rows.customers![i] as number);
  });
  offsets.push(product.length);
  const within = Int32Array.from(names, ({ country, region }, p) =>
    p === 0 ? -1 : region === null ? 0 : (numbers.get(keyOf({ country, region: null })) ?? 0),
  );
  return { names, within, offsets: Int32Array.from(offsets), product: Int32Array.from(product), customers: Int32Array.from(customers) };
}

/** Numbers places by name. @returns the smallest known place that holds it: the region, else the country, else the shop. */
export function placeFinder({ names }: Places): (place: Place) => number {
  const numbers = new Map(names.map((name, p) => [keyOf(name), p]));
  return (place) => numbers.get(keyOf(place)) ?? numbers.get(keyOf({ country: place.country, region: null })) ?? 0;
}

const tier = 1_000_000;

/**
 * Products in the order of a place: what is popular there, then in the next larger place, then in the shop, then by the shop's own order.
 * @param rest order of all products.
 */
export function orderOf({ within, offsets, product, customers }: Places, place: number, rest: Float32Array): Float32Array {
  const most = rest.reduce((top, value) => Math.max(top, value), 0);
  const order = rest.map((value) => (most === 0 ? 0 : (0.5 * value) / most));
  const chain: number[] = [];
  for (let p = place; p >= 0; p = within[p]!) chain.unshift(p);
  chain.forEach((p, above) => {
    for (let e = offsets[p]!; e < offsets[p + 1]!; e++) order[product[e]!] = (above + 1) * tier + Math.min(customers[e]!, tier - 1);
  });
  return order;
}

/** Where a product of that order is popular, −1 for what only the shop's own order knows, and how many customers bought it there. */
export function placeOf({ within }: Places, place: number, order: number): { place: number; customers: number } {
  const above = Math.floor(order / tier);
  if (above === 0) return { place: -1, customers: 0 };
  const chain: number[] = [];
  for (let p = place; p >= 0; p = within[p]!) chain.unshift(p);
  return { place: chain[above - 1]!, customers: order - above * tier };
}

const keyOf = ({ country, region }: Place) => JSON.stringify([country, region]);
