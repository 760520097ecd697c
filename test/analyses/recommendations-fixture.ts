import * as aq from 'arquero';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import type { Shop } from '#contract/shop.ts';
import { dayNumber } from '#recommender/interactions.ts';
import { random } from '#stats/random.ts';
import analysis from '../../analyses/recommendations/analysis.ts';
import { recommendations } from '../../analyses/recommendations/recommend.ts';
import type { TextEffects } from '../../analyses/recommendations/text-model.ts';

export const asOf = '2026-08-16';
export const today = dayNumber(asOf);

/** A row of interactions.sql. */
export interface Did {
  customer_id: string;
  product_id: string;
  day: number;
  strength: number;
}

/** A row of catalogue.sql. */
export interface Offered {
  product_id: string;
  name: string;
  brand: string;
  category: string;
  department: string;
  price: number | null;
  units: number;
  customers: number;
  is_offered: boolean;
  first_day: number;
}

export function product(id: string, changes: Partial<Offered> = {}): Offered {
  return {
    ...{ product_id: id, name: `Thing ${id}`, brand: 'Acme', category: 'Things', department: 'All', price: 20, units: 5, customers: 5 },
    ...{ is_offered: true, first_day: today - 700, ...changes },
  };
}

/** What may leave the process: nothing. */
export const noEffects: TextEffects = {
  fetch: () => Promise.reject(new Error('no network')),
  wait: () => Promise.resolve(),
  secret: () => undefined,
  cache: { read: async () => new Map(), add: async () => {} },
};

const shop: Shop = {
  ...{ id: 'demo', name: 'Test shop', currency: 'EUR', timezone: 'UTC', locale: 'en-GB', capabilities: ['orders', 'products'] },
};

function context(params: Context['params'] = {}): Context {
  return { shop, asOf, week: '2026-08-10', seed: 1, params: { ...analysis.params, ...params }, format: formatter(shop) };
}

export function runOn(did: Did[], products: Offered[], params: Context['params'] = {}, effects = noEffects): Promise<Result> {
  const columns = ['customer_id', 'product_id', 'day', 'strength'];
  const interactions = did.length > 0 ? aq.from(did) : aq.table(Object.fromEntries(columns.map((name) => [name, []])));
  const catalogue = products.length > 0 ? aq.from(products) : aq.table({ product_id: [] as string[] });
  return recommendations({ interactions, catalogue }, context(params), effects);
}

const tastes = ['garden', 'kitchen', 'cycling', 'painting'];
const things = ['lamp', 'glove', 'stand', 'brush', 'holder', 'table', 'basket', 'mirror', 'clock', 'bottle', 'frame', 'jacket'];

/**
 * Four tastes with twelve products each; customers buy one product a month or so.
 * @param loyalty part of the purchases that follow the customer's taste; nought: everyone buys anything.
 */
export function tasteShop(loyalty: number, customers = 300): { did: Did[]; products: Offered[] } {
  const r = random(7, 'recommendations test');
  const products = tastes.flatMap((taste, t) =>
    things.map((thing, i) =>
      product(`p${t * things.length + i}`, { name: `${taste} ${thing}`, category: taste, brand: `Brand ${i % 3}`, price: 10 + i }),
    ),
  );
  const did: Did[] = [];
  for (let c = 0; c < customers; c++) {
    for (let n = 0; n < 8; n++) {
      const taste = r.uniform() < loyalty ? c % tastes.length : r.integer(tastes.length);
      const p = taste * things.length + r.integer(things.length);
      did.push({ customer_id: `c${c}`, product_id: `p${p}`, day: today - r.integer(280), strength: 2 });
    }
  }
  const buyers = Map.groupBy(did, (row) => row.product_id);
  for (const one of products) {
    const own = buyers.get(one.product_id) ?? [];
    one.units = own.length;
    one.customers = new Set(own.map((row) => row.customer_id)).size;
  }
  return { did, products };
}

/** All text that a reader sees. */
export function textOf({ headline, summary, findings, figures, tables, caveats, omitted, method }: Result): string {
  return JSON.stringify([
    headline,
    summary,
    findings,
    figures.map(({ title, subtitle, note }) => [title, subtitle, note]),
    tables,
    caveats,
    omitted,
    method,
  ]);
}
