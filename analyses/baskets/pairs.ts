import { type Affinity, affinities } from '#stats/basket/affinity.ts';
import { type Stability, stability } from '#stats/basket/halves.ts';
import { poissonTails } from '#stats/distribution.ts';
import type { MeetingRow, PairRow, ProductRow, ShopRow } from './input.ts';

/** Expected share of false calls among those called. */
export const falseDiscovery = 0.05;
/** A pair is called if the interval of its factor lies above this: shared taste for a brand or a price alone reaches two to three. */
export const leastFactor = 3;

export interface ProductPair extends Affinity {
  first: ProductRow;
  second: ProductRow;
  row: PairRow;
  stability: Stability;
  /** Of all baskets; lift against products that are independent of each other and of the sizes of baskets, as is usual. */
  support: number;
  lift: number;
  /** Share of the baskets with one that hold the other, the larger one, and its direction. */
  confidence: number;
  from: ProductRow;
  to: ProductRow;
}

export interface Pairs {
  /** Least joint baskets of a pair that is judged. */
  least: number;
  /** Pairs of products that are in so many baskets each: the hypotheses. */
  tested: number;
  /** Strongest evidence first. */
  list: ProductPair[];
  called: ProductPair[];
}

/** Pairs with their evidence, from the rows of pairs.sql, products.sql and meetings.sql. */
export function productPairs(
  shop: ShopRow,
  rows: readonly PairRow[],
  products: readonly ProductRow[],
  meetings: readonly MeetingRow[],
  least: number,
): Pairs {
  const tested = (shop.products_frequent * (shop.products_frequent - 1)) / 2;
  const codes = new Map(products.map(({ product_id }, code) => [product_id, code]));
  const groups = new Codes();
  const group = products.map(({ department, category }) => groups.of(department, category));
  const ofGroup: number[] = [];
  const between = new Map<string, number>();
  for (const row of meetings) {
    const own = groups.of(row.department, row.category);
    if (row.other_department === null || row.other_category === null) ofGroup[own] = row.meetings;
    else {
      const other = groups.of(row.other_department, row.other_category);
      // Within a group the query tells each meeting from both sides.
      between.set(`${own} ${other}`, own === other ? row.meetings / 2 : row.meetings);
    }
  }
  const known = rows.filter(({ product_a, product_b }) => codes.has(product_a) && codes.has(product_b));
  const judged = affinities(
    known.map((row) => ({ a: codes.get(row.product_a)!, b: codes.get(row.product_b)!, count: row.baskets_both })),
    {
      group,
      ofItem: products.map((product) => product.meetings),
      ofGroup,
      between: (g, h) => between.get(`${g} ${h}`) ?? 0,
    },
    { family: Math.max(tested, known.length), falseDiscovery, leastFactor },
  );
  const list = judged.map((one, i) => described(one, known[i]!, products, shop));
  list.sort(
    (x, y) => Number(y.isCalled) - Number(x.isCalled) || x.p - y.p || y.factor - x.factor || (x.row.product_a < y.row.product_a ? -1 : 1),
  );
  return { least, tested, list, called: list.filter(({ isCalled }) => isCalled) };
}

function described(one: Affinity, row: PairRow, products: readonly ProductRow[], shop: ShopRow): ProductPair {
  const [first, second] = [products[one.a]!, products[one.b]!];
  const isFirstRarer = first.baskets <= second.baskets;
  const [from, to] = isFirstRarer ? [first, second] : [second, first];
  const early = {
    both: row.baskets_both_first,
    antecedent: first.baskets_first,
    consequent: second.baskets_first,
    baskets: shop.baskets_first,
  };
  const late = {
    both: row.baskets_both - early.both,
    antecedent: first.baskets - early.antecedent,
    consequent: second.baskets - early.consequent,
    baskets: shop.baskets - early.baskets,
  };
  return {
    ...one,
    first,
    second,
    row,
    stability: stability(early, late),
    support: row.baskets_both / shop.baskets,
    lift: (row.baskets_both * shop.baskets) / (first.baskets * second.baskets),
    confidence: row.baskets_both / from.baskets,
    from,
    to,
  };
}

/** Numbers groups by department and category. */
class Codes {
  readonly #known = new Map<string, number>();

  of(department: string, category: string): number {
    const key = JSON.stringify([department, category]);
    const code = this.#known.get(key) ?? this.#known.size;
    this.#known.set(key, code);
    return code;
  }
}

/** What a pair of two products, each in so many baskets, needs to be called. */
export interface Power {
  baskets: number;
  /** Joint baskets by popularity alone. */
  expected: number;
  /** Least joint baskets that are called. */
  count: number;
  factor: number;
  /** These over the baskets of each: the share of buyers of the one who take the other. */
  share: number;
}

/**
 * The least that can be detected between two products in `baskets` baskets each, where all of `tested` pairs but this one have no
 * evidence; null where there is nothing to test.
 */
export function powerOf(shop: ShopRow, baskets: number, tested: number, least: number): Power | null {
  if (!(tested >= 1) || !(baskets > 0) || shop.lines === 0 || shop.meetings_twice === 0) return null;
  const expected = (baskets * baskets * shop.meetings_twice) / (shop.lines * shop.lines);
  let count = least;
  while (poissonTails(count, expected).upper > falseDiscovery / tested || count < leastFactor * expected) count++;
  return { baskets, expected, count, factor: count / expected, share: count / baskets };
}
