import type { Artifact } from '#contract/analysis.ts';
import { rowsToUnit } from '#recommender/content.ts';
import { type Index, type Served, writeIndex } from '#recommender/index.ts';
import { type Histories, kinds, order } from '#recommender/interactions.ts';
import { defaultTaste } from '#recommender/taste.ts';
import { artifactFolder, type Kept, keep } from '#run/artifacts.ts';
import { random } from '#stats/random.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { exportQuery } from '#warehouse/export.ts';

export interface OfferOptions {
  served?: Served;
  products?: number;
  /** Customers with a history in the index: 'c000000' and so on. */
  customers?: number;
  /** Customers after those whose history the index doesn't hold. */
  beyond?: number;
  /** Customers after those who did nothing yet; the first lives in Bavaria, the second in a region without sales, the third nowhere. */
  newcomers?: number;
  /** Ids of the first products, in place of 'p0000' and so on. */
  productIds?: string[];
  /** Ids of the first customers. */
  customerIds?: string[];
  /** Names of the first products. */
  productNames?: string[];
  seed?: number;
  dimensions?: number;
  card?: Artifact;
  /** Bytes in place of the index. */
  index?: Uint8Array;
}

const kindsOfThing = ['Lamp', 'Glove', 'Basket', 'Mirror', 'Clock', 'Jacket', 'Tray', 'Pillow', 'Chain', 'Ribbon'];
const makes = ['Oak', 'Linen', 'Brass', 'Wool', 'Cork', 'Glass', 'Slate', 'Felt', 'Cane', 'Horn'];
const now = 20_772;

/** Products and customers made up: those of one category lie near one another, and customers keep to one. */
export function madeIndex(options: OfferOptions = {}): Index {
  const { served = 'blend', products = 60, customers = 200, seed = 1, dimensions: d = 8, productIds = [], productNames = [] } = options;
  const draw = random(seed, 'offers');
  const groups = kindsOfThing.length;
  const centres = Float32Array.from({ length: groups * d }, () => draw.normal());
  const near = () =>
    Float32Array.from({ length: products * d }, (_, i) => centres[(Math.floor(i / d) % groups) * d + (i % d)]! + 0.4 * draw.normal());
  const ids = Array.from({ length: products }, (_, p) => productIds[p] ?? `p${String(p).padStart(4, '0')}`);
  const names = ids.map(
    (_, p) => productNames[p] ?? `${makes[Math.floor(p / groups) % makes.length]} ${kindsOfThing[p % groups]} ${100 + p}`,
  );
  const isRepeat = Uint8Array.from(ids, (_, p) => (p % 17 === 3 ? 1 : 0));
  const isTrained = served === 'embedding' || served === 'blend';
  return {
    served,
    share: served === 'blend' ? 0.25 : 0,
    taste: defaultTaste,
    now,
    backend: 'none',
    catalogue: {
      ids,
      names,
      brands: ids.map((_, p) => (p % 4 === 0 ? null : `Brand ${p % 5}`)),
      categories: ids.map((_, p) => (p === 5 ? null : `Home · ${kindsOfThing[p % groups]}s`)),
      prices: Float64Array.from(ids, (_, p) => (p === 7 ? Number.NaN : 5 + (p % 23))),
    },
    isOffered: Uint8Array.from(ids, (_, p) => (p % 13 === 12 ? 0 : 1)),
    isRepeat,
    popularity: Float32Array.from(ids, () => draw.integer(40)),
    content: { dimensions: d, values: rowsToUnit(near(), products, d) },
    vocabulary: { bucket: new Int32Array(), idf: new Float32Array(), prices: new Float64Array() } as unknown as Index['vocabulary'],
    towers: isTrained
      ? {
          ...{ dimensions: d, products, input: near(), output: near(), bias: new Float32Array(products), constant: new Float32Array(d) },
          content: { dimensions: d, features: new Float32Array(), text: new Float32Array() },
        }
      : null,
    neighbours: served === 'embedding' || served === 'content' ? null : neighboursOf(products, groups, seed),
    customers: customerIds(customers, 0, options),
    histories: historiesOf(customers, products, groups, seed),
  };
}

const customerIds = (count: number, from: number, { customerIds: given = [] }: OfferOptions) =>
  Array.from({ length: count }, (_, i) => given[from + i] ?? `c${String(from + i).padStart(6, '0')}`);

function neighboursOf(products: number, groups: number, seed: number): NonNullable<Index['neighbours']> {
  const draw = random(seed, 'neighbours');
  const each = Math.min(20, products - 1);
  const product = new Int32Array(products * each);
  for (let p = 0; p < products; p++) {
    for (let e = 0; e < each; e++) product[p * each + e] = (p + groups * (1 + e) + (e % 3 === 0 ? 1 : 0)) % products;
  }
  return {
    offsets: Int32Array.from({ length: products + 1 }, (_, p) => p * each),
    product,
    similarity: Float32Array.from({ length: product.length }, () => draw.uniform()),
  };
}

function historiesOf(customers: number, products: number, groups: number, seed: number): Histories {
  const draw = random(seed, 'histories');
  const entries = { customer: [] as number[], product: [] as number[], day: [] as number[], kind: [] as number[] };
  for (let c = 0; c < customers; c++) {
    const taste = draw.integer(groups);
    for (let n = 1 + draw.integer(6); n > 0; n--) {
      entries.customer.push(c);
      entries.product.push(Math.min(products - 1, taste + groups * draw.integer(Math.max(1, Math.floor(products / groups)))));
      entries.day.push(now - 1 - draw.integer(300));
      entries.kind.push(c % 7 === 0 ? draw.integer(kinds.length) : 2);
    }
  }
  return order(customers, {
    customer: Int32Array.from(entries.customer),
    product: Int32Array.from(entries.product),
    day: Int32Array.from(entries.day),
    kind: Uint8Array.from(entries.kind),
  });
}

const card: Artifact = {
  ...{ served: 'blend', verdict: 'beats-popularity', chosen: 'blend', baseline: 'recent' },
  test: { first: '2026-09-21', last: '2026-11-15', customers: 150, unknown: 12 },
  results: [
    { recommender: 'popular', gain: null },
    { recommender: 'blend', gain: { value: 0.035, low: 0.028, high: 0.043, n: 150 } },
  ],
};

const withinNoise: Artifact = {
  ...{ served: 'content', verdict: 'within-noise', chosen: 'ease', baseline: 'popular', test: { customers: 80 } },
  results: [{ recommender: 'ease', gain: { value: 0.001, low: -0.003, high: 0.005 } }],
};

/** Stores what the analysis recommendations leaves. */
export async function offersArtifacts(out: string, options: OfferOptions): Promise<Record<string, Kept>> {
  const { customers = 200, beyond = 20, newcomers = 5 } = options;
  const index = madeIndex(options);
  const later = [customerIds(beyond, customers, options), customerIds(newcomers, customers + beyond, options)] as const;
  const everyone = [...index.customers, ...later[0], ...later[1]];
  const homes: [string | null, string | null][] = [
    ['Germany', 'Bavaria'],
    ['Germany', 'Atlantis'],
    [null, null],
  ];
  const first = customers + beyond;
  const home = everyone.map((_, i) => (i < first ? (i % 2 === 0 ? homes[0]! : ['Spain', 'Galicia']) : (homes[i - first] ?? homes[0]!)));
  const at = historiesOf(beyond, index.catalogue.ids.length, kindsOfThing.length, (options.seed ?? 1) + 1);
  const owner = Array.from(at.product, (_, e) => at.offsets.findIndex((offset) => offset > e) - 1);
  const offered = index.catalogue.ids.filter((_, p) => index.isOffered[p] === 1);
  const popular = [
    ...offered.slice(4, 7).map((id, i) => ['Germany', 'Bavaria', i + 1, id, 30 - i] as const),
    ...offered.slice(8, 9).map((id) => ['Germany', 'Bavaria', 4, id, 1] as const),
    ...offered.slice(2, 6).map((id, i) => ['Germany', null, i + 1, id, 50 - i] as const),
    ...offered.slice(0, 40).map((id, i) => [null, null, i + 1, id, 90 - i] as const),
  ];
  const engine = await openDuckDB({ threads: 1, memory: '512MB' });
  try {
    await engine.insert('everyone', {
      customer_id: everyone,
      country: home.map(([country]) => country ?? null),
      region: home.map(([, region]) => region ?? null),
    });
    await engine.insert('acts', {
      customer_id: owner.map((c) => later[0][c]!),
      product_id: Array.from(at.product, (p) => index.catalogue.ids[p]!),
      day: at.day,
      kind: Array.from(at.kind, (kind) => kinds[kind]!),
    });
    await engine.insert('sellers', {
      country: popular.map(([country]) => country),
      region: popular.map(([, region]) => region),
      place: Int32Array.from(popular, ([, , place]) => place),
      product_id: popular.map(([, , , id]) => id),
      customers: Int32Array.from(popular, ([, , , , count]) => count),
    });
    const stored = (name: string, sql: string) => exportQuery(engine, sql, artifactFolder(out), name);
    return {
      'recommendations/index': keep(artifactFolder(out), options.index ?? writeIndex(index)),
      'recommendations/card': keep(artifactFolder(out), options.card ?? (index.served === 'content' ? withinNoise : card)),
      'recommendations/customers': await stored('customers', 'select * from everyone order by customer_id'),
      'recommendations/histories': await stored(
        'histories',
        "select customer_id, product_id, date '1970-01-01' + day as day, kind from acts order by customer_id, day, product_id",
      ),
      'recommendations/popular': await stored(
        'popular',
        "select * from sellers order by coalesce(country, ''), coalesce(region, ''), place",
      ),
    };
  } finally {
    engine.close();
  }
}
