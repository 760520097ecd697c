import { pairsByChance } from '#stats/basket/chance.ts';
import { total } from '../shared/change.ts';
import type { ChanceRow, ShopRow } from './input.ts';

/** Pairs that share so many baskets: as seen, and as chance alone would have it. */
export interface Shared {
  from: number;
  /** Null for so many or more. */
  to: number | null;
  seen: number;
  chance: number;
}

const edges = [1, 2, 3, 5, 10, 20, 50];

/** Pairs of products by the baskets they share; classes that neither has are left out. */
export function sharedBaskets(shop: ShopRow, rows: readonly ChanceRow[]): Shared[] {
  const seen = rows.filter(({ kind }) => kind === 'seen');
  const meetings = shop.meetings_twice / 2;
  // The mart keeps no pair that was seen once: what is left of all meetings are these.
  const once = Math.max(0, meetings - total(seen, ({ size, number }) => size * number));
  const chance = pairsByChance(
    rows
      .filter(({ kind }) => kind === 'reach')
      .map(({ own, other, size, number, squares }) => ({ from: own, to: other, reach: size, items: number, squares: squares / number })),
    edges.at(-1)!,
  );
  return edges
    .map((from, i): Shared => {
      const to = i + 1 < edges.length ? edges[i + 1]! - 1 : null;
      const isInside = (size: number) => size >= from && (to === null || size <= to);
      return {
        from,
        to,
        seen:
          from === 1
            ? once
            : total(
                seen.filter(({ size }) => isInside(size)),
                ({ number }) => number,
              ),
        chance: total(
          chance.filter((_, k) => isInside(k + 1)),
          (value) => value,
        ),
      };
    })
    .filter((row) => row.seen > 0 || row.chance >= 0.5);
}
