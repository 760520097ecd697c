import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import type { Cell } from '#contract/row.ts';
import type { Catalogue } from '#recommender/catalogue.ts';
import { dayNumber, type Interactions, interactions, kinds } from '#recommender/interactions.ts';
import { rows } from '../shared/rows.ts';

/** A row of catalogue.sql. */
export interface ProductRow {
  product_id: string;
  name: string;
  brand: string;
  category: string;
  department: string;
  price: number | null;
  units: number;
  customers: number;
  is_offered: boolean;
  /** First seen in stock, on a page or in an order: days since 1970-01-01. */
  first_day: number;
}

export interface Input {
  products: ProductRow[];
  catalogue: Catalogue;
  data: Interactions;
  /** 1 for products that are offered today. */
  isOffered: Uint8Array;
  /** Positions of offered products that came after the shop began, newest first. */
  newest: number[];
  /** The day after the as-of date, days since 1970-01-01. */
  now: number;
  /** Customers that were read at most. */
  bound: number;
}

/** What a shop says where it knows nothing: no name, brand or category that two products could share. */
const unknown = { name: /^Unnamed product /, brand: /^(No brand|Unknown)$/, kind: /^(No (category|department)|Unknown)$/ };

/** @throws LookbookError (usage) for a parameter that is no positive number. */
export function inputOf(tables: Record<string, ColumnTable>, { asOf, params }: Context): Input {
  const now = dayNumber(asOf) + 1;
  const products = rows<ProductRow>(tables.catalogue);
  const catalogue = catalogueOf(products);
  const read = tables.interactions;
  const column = <T>(name: string): T[] => (read ? Array.from(read.array(name) as Iterable<T>) : []);
  const kind = column<number>('strength').map((at) => kinds[at]!);
  const data = interactions(
    { customer: column<string>('customer_id'), product: column<string>('product_id'), day: column<number>('day'), kind },
    catalogue,
  );
  const within = positive(params.newWithinDays, 'newWithinDays');
  const began = products.reduce((first, { first_day }) => Math.min(first, first_day), now);
  const newest = products
    .map(({ first_day, is_offered }, p) => ({ p, first_day, is_offered }))
    .filter(({ first_day, is_offered }) => is_offered && first_day >= now - within && first_day > began + leastHead)
    .sort((a, b) => b.first_day - a.first_day || a.p - b.p)
    .map(({ p }) => p);
  return {
    ...{ products, catalogue, data, newest, now },
    isOffered: Uint8Array.from(products, ({ is_offered }) => (is_offered ? 1 : 0)),
    bound: positive(params.customers, 'customers'),
  };
}

/** Days after the first product of all from which on one counts as new: before that the whole shop was. */
const leastHead = 91;

/** The department is part of the category: jeans for women and jeans for men are not alike for who buys them. */
function catalogueOf(products: readonly ProductRow[]): Catalogue {
  const known = (value: string, pattern: RegExp) => (pattern.test(value) ? null : value);
  return {
    ids: products.map(({ product_id }) => product_id),
    names: products.map(({ name }) => known(name, unknown.name) ?? ''),
    brands: products.map(({ brand }) => known(brand, unknown.brand)),
    categories: products.map(({ department, category }) => {
      const parts = [known(department, unknown.kind), known(category, unknown.kind)].filter((part) => part !== null);
      return parts.length > 0 ? parts.join(' · ') : null;
    }),
    prices: Float64Array.from(products, ({ price }) => (price !== null && price >= 0 ? price : Number.NaN)),
  };
}

function positive(value: Cell | undefined, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new LookbookError('usage', {
    ...{ what: 'not usable for recommendations', where: `params.recommendations.${name}` },
    ...{ expected: 'a number above 0', found: String(value) },
  });
}
