import { normalQuantile } from '#stats/distribution.ts';
import { addWeeks } from '../shared/day.ts';

/** A country's share of the shop's orders over some weeks up to `week`, against its usual share. */
export interface SharePoint {
  week: string;
  share: number;
  usual: number;
  low: number;
  high: number;
  isOutside: boolean;
}

/** Weeks drawn, weeks of which each point is the sum, and weeks before them that tell the usual share. */
export const shareWeeks = { drawn: 26, window: 4, usual: 52, least: 13 };

/**
 * Moving share of orders with the range that the weeks before the first drawn one let expect (quasi-binomial).
 * @param orders orders of the country by week; `all` of the shop by week, complete weeks only.
 * @param level of the range, two-sided.
 * @returns no points where fewer than `least` weeks lie before.
 */
export function shareSeries(
  orders: ReadonlyMap<string, number>,
  all: ReadonlyMap<string, number>,
  week: string,
  dispersion: number,
  level: number,
): SharePoint[] {
  const sum = (counts: ReadonlyMap<string, number>, weeks: string[]) => weeks.reduce((total, w) => total + (counts.get(w) ?? 0), 0);
  const first = addWeeks(week, 2 - shareWeeks.drawn - shareWeeks.window);
  const earlier = Array.from({ length: shareWeeks.usual }, (_, i) => addWeeks(first, -1 - i)).filter((w) => all.has(w));
  const known = sum(all, earlier);
  if (earlier.length < shareWeeks.least || known === 0) return [];
  const usual = sum(orders, earlier) / known;
  const z = normalQuantile(1 - (1 - level) / 2);
  return Array.from({ length: shareWeeks.drawn }, (_, i) => addWeeks(week, i + 1 - shareWeeks.drawn)).flatMap((last) => {
    const weeks = Array.from({ length: shareWeeks.window }, (_, i) => addWeeks(last, -i));
    const n = sum(all, weeks);
    if (n === 0 || !weeks.every((w) => all.has(w))) return [];
    const share = sum(orders, weeks) / n;
    const half = z * Math.sqrt(dispersion * usual * (1 - usual) * (1 / n + 1 / known));
    const [low, high] = [Math.max(0, usual - half), Math.min(1, usual + half)];
    return [{ week: last, share, usual, low, high, isOutside: share < low || share > high }];
  });
}
