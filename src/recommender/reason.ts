import type { Index } from './index.ts';
import type { Vectors } from './scorer.ts';
import type { Weighted } from './taste.ts';
import { plainName } from './variant.ts';

/** What two products have in common. */
export type Shared = 'name' | 'category' | 'brand' | 'price';

/** Why a product is recommended; `because` is the position of a product of the customer's history. */
export type Reason =
  /** Others who bought that one bought this one more than chance would have it. */
  | { kind: 'also-bought'; because: number }
  /** It resembles that one: in what, if it can be named. */
  | { kind: 'similar'; because: number; shared: Shared[] }
  /** They had it, and it is a product that is bought again. */
  | { kind: 'again'; because: number }
  /** Nothing is known of the customer, or nothing of the history speaks for it. */
  | { kind: 'popular' };

/**
 * The product of the history that speaks most for `product`: by the neighbourhood if that is served and has the pair, else by the
 * vectors.
 */
export function reasonOf(
  { served, catalogue, neighbours, isRepeat }: Index,
  vectors: Vectors,
  { product: had, weight }: Weighted,
  product: number,
): Reason {
  if (isRepeat[product] === 1 && had.includes(product)) return { kind: 'again', because: product };
  let because = -1;
  let most = 0;
  if (neighbours) {
    const { offsets, product: near, similarity } = neighbours;
    had.forEach((p, h) => {
      for (let e = offsets[p]!; e < offsets[p + 1]!; e++) {
        if (near[e] !== product || weight[h]! * similarity[e]! <= most) continue;
        most = weight[h]! * similarity[e]!;
        because = p;
      }
    });
    if (because >= 0) return { kind: 'also-bought', because };
    if (served === 'item-item' || served === 'ease') return { kind: 'popular' };
  }
  const { dimensions: d, input, output } = vectors;
  most = Number.NEGATIVE_INFINITY;
  had.forEach((p, h) => {
    let dot = 0;
    for (let i = 0; i < d; i++) dot += input[p * d + i]! * output[product * d + i]!;
    if (weight[h]! * dot <= most) return;
    most = weight[h]! * dot;
    because = p;
  });
  return { kind: 'similar', because, shared: shared(catalogue, because, product) };
}

const nameOverlap = 0.3;
const priceRatio = 1.25;

function shared({ names, categories, brands, prices }: Index['catalogue'], a: number, b: number): Shared[] {
  const found: Shared[] = [];
  const wordsOf = (p: number) => new Set(plainName(names[p]!).split(' '));
  const own = wordsOf(a);
  const other = wordsOf(b);
  const both = [...own].filter((word) => word !== '' && other.has(word)).length;
  if (both / (own.size + other.size - both) >= nameOverlap) found.push('name');
  if (categories[a] !== null && categories[a] === categories[b]) found.push('category');
  if (brands[a] !== null && brands[a] === brands[b]) found.push('brand');
  const [low, high] = [Math.min(prices[a]!, prices[b]!), Math.max(prices[a]!, prices[b]!)];
  if (high <= low * priceRatio) found.push('price');
  return found;
}
