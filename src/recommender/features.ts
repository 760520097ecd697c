import { quantileSorted } from '#stats/mean.ts';
import type { Catalogue } from './catalogue.ts';
import { characterGrams, hashText, words } from './text.ts';

/** Hash buckets that texts fall into; two features that share one are taken for the same. */
const buckets = 2 ** 18;

/** Features kept at most: those of the most products. */
const maxFeatures = 40_000;

/** Features of one product's text at most: the heaviest. */
const maxPerProduct = 64;

const priceKnots = 12;

const wordWeight = 2;
const gramWeight = 0.5;

/** Length of each block: what a product is called tells most of what it is. */
const lengths = { text: 1, brand: 0.5, category: 0.7 };
const priceLength = 0.4;

/** How a product becomes features: fixed when a model is trained, used for products that come later. */
export interface Vocabulary {
  /** Kept hash buckets, ascending: feature f is bucket `bucket[f]`. */
  bucket: Int32Array;
  /** Inverse document frequency of each. */
  idf: Float32Array;
  /** Quantiles of ln(1 + price), ascending; their features follow those of the buckets. Empty without prices. */
  prices: Float64Array;
}

/** Products × features, compressed by rows. */
export interface Features {
  offsets: Int32Array;
  feature: Int32Array;
  weight: Float32Array;
}

/** Number of features of a vocabulary. */
export function featureCount({ bucket, prices }: Vocabulary): number {
  return bucket.length + prices.length;
}

type Block = [bucket: number, count: number][];

interface Blocks {
  text: Block;
  brand: Block;
  category: Block;
}

/** Text of the name (words and their character n-grams), the brand and the category as a whole. */
function blockReader({ names, brands, categories }: Catalogue): (i: number) => Blocks {
  const known = new Map<string, Int32Array>();
  const bucketsOf = (word: string) => {
    const grams = known.get(word) ?? Int32Array.from([`w ${word}`, ...characterGrams(word).map((gram) => `g ${gram}`)], bucketOf);
    known.set(word, grams);
    return grams;
  };
  const whole = (kind: string, value: string | null): Block => (value === null ? [] : [[bucketOf(`${kind} ${value}`), 1]]);
  return (i) => {
    const counts = new Map<number, number>();
    for (const word of words(names[i]!)) {
      bucketsOf(word).forEach((at, g) => {
        counts.set(at, (counts.get(at) ?? 0) + (g === 0 ? wordWeight : gramWeight));
      });
    }
    return { text: [...counts], brand: whole('b', brands[i]!), category: whole('c', categories[i]!) };
  };
}

const bucketOf = (key: string) => hashText(key) % buckets;

/**
 * Learns which features carry something: those that two products share at least. Deterministic; ties by bucket.
 */
export function vocabularyOf(catalogue: Catalogue): Vocabulary {
  const n = catalogue.ids.length;
  const frequency = new Map<number, number>();
  const blocksOf = blockReader(catalogue);
  for (let i = 0; i < n; i++) {
    for (const block of Object.values(blocksOf(i))) for (const [at] of block) frequency.set(at, (frequency.get(at) ?? 0) + 1);
  }
  const kept = [...frequency]
    .filter(([, count]) => count >= 2)
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, maxFeatures)
    .sort(([a], [b]) => a - b);
  const known = catalogue.prices
    .filter(Number.isFinite)
    .map((price) => Math.log1p(price))
    .sort();
  const knots = Array.from({ length: priceKnots }, (_, k) => quantileSorted(known, k / (priceKnots - 1)));
  return {
    bucket: Int32Array.from(kept, ([at]) => at),
    idf: Float32Array.from(kept, ([, count]) => Math.log((n + 1) / count)),
    prices: known.length === 0 ? new Float64Array() : Float64Array.from(new Set(knots as number[])),
  };
}

/**
 * Features of each product: text (weighted by idf, of length 1), brand (0.5), category (0.7) and price (shares of its two nearest knots,
 * 0.4 together) are a block each.
 */
export function featuresOf(vocabulary: Vocabulary, catalogue: Catalogue): Features {
  const at = new Map(Array.from(vocabulary.bucket, (bucket, f) => [bucket, f]));
  const n = catalogue.ids.length;
  const blocksOf = blockReader(catalogue);
  const offsets = new Int32Array(n + 1);
  const feature: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < n; i++) {
    for (const [name, block] of Object.entries(blocksOf(i)) as [keyof Blocks, Block][]) {
      const known = block.flatMap(([bucket, count]): [number, number][] => {
        const f = at.get(bucket);
        return f === undefined ? [] : [[f, count * vocabulary.idf[f]!]];
      });
      const rows = known.sort(([a, x], [b, y]) => y - x || a - b).slice(0, maxPerProduct);
      const length = Math.sqrt(rows.reduce((sum, [, w]) => sum + w * w, 0)) / lengths[name];
      for (const [f, w] of rows.sort(([a], [b]) => a - b)) {
        feature.push(f);
        weight.push(w / length);
      }
    }
    for (const [knot, share] of betweenKnots(vocabulary.prices, catalogue.prices[i]!)) {
      feature.push(vocabulary.bucket.length + knot);
      weight.push(share * priceLength);
    }
    offsets[i + 1] = feature.length;
  }
  return { offsets, feature: Int32Array.from(feature), weight: Float32Array.from(weight) };
}

function betweenKnots(knots: Float64Array, price: number): [number, number][] {
  if (knots.length === 0 || !Number.isFinite(price)) return [];
  const value = Math.log1p(price);
  const above = knots.findIndex((knot) => knot >= value);
  if (above <= 0) return [[above === 0 ? 0 : knots.length - 1, 1]];
  const share = (value - knots[above - 1]!) / (knots[above]! - knots[above - 1]!);
  return [
    [above - 1, 1 - share],
    [above, share],
  ];
}
