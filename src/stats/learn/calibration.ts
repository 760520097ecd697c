import { checkCount, type Estimate } from '../estimate.ts';
import { proportion } from '../proportion.ts';
import { logistic } from './logistic.ts';
import { checkChances } from './loss.ts';

export interface CalibrationGroup {
  n: number;
  /** Mean, least and highest of the chances stated. */
  stated: number;
  from: number;
  to: number;
  /** Share of class 1 with Wilson's interval. */
  came: Estimate;
}

/**
 * What was stated against what came, in groups of nearly equal size by the chance stated, lowest first. Rows of one chance stay together, so
 * that there may be fewer groups. Empty without rows.
 * @throws RangeError for a chance outside 0 to 1 or a class other than 0 and 1.
 */
export function calibrationGroups(chances: ArrayLike<number>, y: ArrayLike<number>, groups = 10): CalibrationGroup[] {
  checkChances(chances, y);
  checkCount('groups', groups, 1);
  const n = y.length;
  const order = new Uint32Array(n).map((_, i) => i).sort((a, b) => chances[a]! - chances[b]! || a - b);
  const made: CalibrationGroup[] = [];
  let from = 0;
  for (let g = 1; g <= groups; g++) {
    let to = Math.round((g * n) / groups);
    while (to < n && to > 0 && chances[order[to]!] === chances[order[to - 1]!]) to++;
    if (to <= from) continue;
    let [stated, came] = [0, 0];
    for (let e = from; e < to; e++) {
      stated += chances[order[e]!]!;
      came += y[order[e]!]!;
    }
    const size = to - from;
    made.push({
      n: size,
      stated: stated / size,
      from: chances[order[from]!]!,
      to: chances[order[to - 1]!]!,
      came: proportion(came, size)!,
    });
    from = to;
  }
  return made;
}

export interface CalibrationLine {
  /** Log-odds that came where a half was stated; 0 for a calibrated model. */
  intercept: number;
  interceptSe: number;
  /** Below 1: the chances stated lie too far from each other. */
  slope: number;
  slopeSe: number;
}

/**
 * Cox's calibration line: the logistic regression of what came on the log-odds stated (Cox 1958). Null where one of the classes has no row, all
 * stated chances are equal, or they tell the classes apart without a mistake.
 * @throws RangeError as `calibrationGroups`.
 */
export function calibrationLine(chances: ArrayLike<number>, y: ArrayLike<number>, least = 1e-9): CalibrationLine | null {
  checkChances(chances, y);
  const odds = Float64Array.from(chances, (p) => {
    const inside = Math.min(1 - least, Math.max(least, p));
    return Math.log(inside / (1 - inside));
  });
  if (odds.every((t) => t === odds[0])) return null;
  let [lowestOne, highestOne, lowestZero, highestZero] = [Infinity, -Infinity, Infinity, -Infinity];
  odds.forEach((t, i) => {
    if (y[i]) [lowestOne, highestOne] = [Math.min(lowestOne, t), Math.max(highestOne, t)];
    else [lowestZero, highestZero] = [Math.min(lowestZero, t), Math.max(highestZero, t)];
  });
  // Apart, or touching in one value only: no maximum. Holds too where a class has no row.
  if (lowestOne >= highestZero || lowestZero >= highestOne) return null;
  const { intercept, coefficients, standardErrors } = logistic({ names: ['log-odds stated'], columns: [odds] }, y);
  return { intercept, interceptSe: standardErrors[0]!, slope: coefficients[0]!, slopeSe: standardErrors[1]! };
}
