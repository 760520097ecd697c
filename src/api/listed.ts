import { type Kind, kinds } from '#recommender/interactions.ts';
import type { Shared } from '#recommender/reason.ts';

/** Why one product stands in a list. */
export interface Why {
  kind: 'also-bought' | 'similar' | 'again' | 'popular';
  /** Position of the product that speaks for it; of a popular one the place where it is popular, −1 where that is the shop as a whole. */
  because: number;
  /** What the customer did with that product. */
  deed: Kind;
  /** What the two have in common. */
  shared: readonly Shared[];
}

/** A list of products as numbers, best first: 13 bytes a product. */
export interface Listed {
  /** Positions in the catalogue. */
  product: Int32Array;
  score: Float32Array;
  because: Int32Array;
  /** Kind, deed and what is shared: two bits, two, four. */
  why: Uint8Array;
}

const whys = ['popular', 'also-bought', 'similar', 'again'] as const;
const common: readonly Shared[] = ['name', 'category', 'brand', 'price'];

export function emptyListed(length: number): Listed {
  return {
    product: new Int32Array(length),
    score: new Float32Array(length),
    because: new Int32Array(length),
    why: new Uint8Array(length),
  };
}

export function encodeWhy({ kind, deed, shared }: Why): number {
  const bits = shared.reduce((sum, one) => sum + 2 ** common.indexOf(one), 0);
  return whys.indexOf(kind) + 4 * kinds.indexOf(deed) + 16 * bits;
}

export function whyAt({ because, why }: Listed, i: number): Why {
  const code = why[i]!;
  return {
    kind: whys[code % 4]!,
    because: because[i]!,
    deed: kinds[Math.floor(code / 4) % 4]!,
    shared: common.filter((_, bit) => Math.floor(code / 2 ** (4 + bit)) % 2 === 1),
  };
}
