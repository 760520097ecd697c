import type { PurchaseModel } from '#stats/clv/value.ts';
import type { Parameters } from './candidate.ts';
import type { Holdout } from './holdout.ts';
import type { Calibration } from './input.ts';

/** How many customers bought as often as their 95% interval of purchases says. */
export interface Coverage {
  /** Share of customers inside. */
  held: number;
  /** The same by the model itself: over 95%, as purchases are whole numbers. */
  promised: number;
}

const level = 0.95;

/** Of the holdout's purchases: intervals from nought where nought is likely enough, otherwise equal-tailed. */
export function coverageOf(
  { law, parameters }: PurchaseModel<'week', Parameters>,
  { rows, weeks }: Holdout,
  { later, weight, customers }: Calibration,
): Coverage {
  const n = rows.x.length;
  const low = new Int32Array(n);
  const high = new Int32Array(n);
  const counts: number[] = [];
  let promised = 0;
  for (let i = 0; i < n; i++) {
    const written = law.counts(parameters, rows.x[i]!, rows.tx[i]!, rows.T[i]!, weeks, counts);
    const isOneSided = counts[0]! >= (1 - level) / 2;
    const upTo = isOneSided ? level : (1 + level) / 2;
    let below = 0;
    let inside = 0;
    let count = 0;
    for (; count < written && below < upTo; count++) {
      if (!isOneSided && below + counts[count]! <= (1 - level) / 2) low[i] = count + 1;
      else inside += counts[count]!;
      below += counts[count]!;
    }
    high[i] = count - 1;
    promised += rows.weight[i]! * inside;
  }
  let held = 0;
  for (let i = 0; i < later.length; i++) {
    const row = rows.row[i]!;
    if (later[i]! >= low[row]! && later[i]! <= high[row]!) held += weight[i]!;
  }
  return { held: held / customers, promised: promised / customers };
}
