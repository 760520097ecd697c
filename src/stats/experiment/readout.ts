import { normalQuantile } from '../distribution.ts';
import { checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import { compareMeans, type MeanTest } from '../mean.ts';
import { compareProportions, type ProportionTest, type Successes } from '../proportion.ts';
import { type BayesReadout, bayesReadout } from './bayes.ts';
import { type Economics, type Profit, profitOf } from './profit.ts';

/** An arm: buyers among customers and, where it is known, the money of each customer. */
export interface Arm extends Successes {
  profits?: ArrayLike<number>;
}

export interface Readout {
  /** Shares of buyers, treated minus control: z test, Newcombe's interval. */
  shares: ProportionTest;
  /** Share of buyers treated over control, with Katz's interval on the log scale; null where an arm has no buyers. */
  ratio: Estimate | null;
  bayes: BayesReadout;
  /** Money a customer, treated minus control, by Welch's t; null without money. */
  money: MeanTest | null;
  /** What the offer adds at these prices; null without them. */
  profit: Profit | null;
}

/**
 * Everything that a finished trial says. Read it once, at the size that was planned: for looks on the way there is `alwaysValid`.
 * Null where an arm has no customers.
 * @throws RangeError for counts that are none, and when an arm's money isn't one number a customer.
 */
export function readTrial(control: Arm, treated: Arm, options: { economics?: Economics; level?: number } = {}): Readout | null {
  const { economics, level = defaultLevel } = options;
  for (const [name, { n, profits }] of Object.entries({ control, treated })) {
    if (profits && profits.length !== n) throw new RangeError(`${name}.profits: expected ${n}, one a customer, found ${profits.length}`);
  }
  const shares = compareProportions(control, treated, level);
  if (!shares) return null;
  return {
    shares,
    ratio: shareRatio(control, treated, level),
    bayes: bayesReadout(control, treated, undefined, level),
    money: control.profits && treated.profits ? compareMeans(control.profits, treated.profits, level) : null,
    profit: economics ? profitOf(control, treated, economics, undefined, level) : null,
  };
}

/** Ratio of two shares, b over a (Katz et al. 1978). Null where a count is 0. */
export function shareRatio(a: Successes, b: Successes, level = defaultLevel): Estimate | null {
  if (a.successes === 0 || b.successes === 0) return null;
  const z = normalQuantile(1 - (1 - checkLevel(level)) / 2);
  const value = b.successes / b.n / (a.successes / a.n);
  const half = z * Math.sqrt(1 / a.successes - 1 / a.n + 1 / b.successes - 1 / b.n);
  return { value, low: value * Math.exp(-half), high: value * Math.exp(half), n: a.n + b.n };
}
