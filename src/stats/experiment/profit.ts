import { betaParts } from '../beta.ts';
import { defaultLevel, type Estimate } from '../estimate.ts';
import { proportion, type Successes } from '../proportion.ts';
import { type Beta, expectation, posterior } from './bayes.ts';

/** What a purchase and a contact are worth, in money a customer. */
export interface Economics {
  /** Margin of a purchase without the offer. */
  margin: number;
  /** Given away on each purchase under the offer, of those too who would have bought anyway. */
  discount: number;
  /** Spent on each customer who gets the offer, whether or not they buy. */
  cost: number;
}

export interface Profit {
  /** Money the offer adds a customer who gets it, with its interval; `n` customers in both arms. */
  perCustomer: Estimate;
  /** The rise of the share of buyers at which the offer pays for itself, in points; null where the discount eats the margin. */
  breakEven: number | null;
  /** P(the offer adds money), by beta posteriors. */
  chance: number;
}

/** @throws RangeError when a number isn't finite, or discount or cost are negative. */
function checkEconomics({ margin, discount, cost }: Economics): void {
  if (!Number.isFinite(margin)) throw new RangeError(`margin: expected a finite number, found ${margin}`);
  for (const [name, value] of Object.entries({ discount, cost })) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name}: expected a finite number of at least 0, found ${value}`);
  }
}

/**
 * The rise of a share of buyers at which an offer pays for itself: p′(margin − discount) − cost = p · margin. More than 1 − p can't be
 * reached; null where the discount is the whole margin or more.
 */
export function breakEvenUplift(share: number, economics: Economics): number | null {
  checkEconomics(economics);
  const { margin, discount, cost } = economics;
  return margin > discount ? (share * margin + cost) / (margin - discount) - share : null;
}

/**
 * What an offer adds, from a trial: buyers with the offer at the lower margin, less the cost, less the margin of buyers without it. The
 * interval combines those of the two shares (MOVER; Zou & Donner 2008, eq. 8–9, on Wilson's limits), right for small shares too.
 * Null where an arm has no customers.
 */
export function profitOf(control: Successes, treated: Successes, economics: Economics, prior?: Beta, level = defaultLevel): Profit | null {
  checkEconomics(economics);
  const [before, after] = [proportion(control.successes, control.n, level), proportion(treated.successes, treated.n, level)];
  if (!before || !after) return null;
  const { margin, discount, cost } = economics;
  const kept = margin - discount;
  const value = after.value * kept - cost - before.value * margin;
  // Limits of coefficient × share, lower first.
  const limits = (share: Estimate, coefficient: number) => [
    Math.min(coefficient * (share.low - share.value), coefficient * (share.high - share.value)),
    Math.max(coefficient * (share.low - share.value), coefficient * (share.high - share.value)),
  ];
  const [afterLow, afterHigh] = limits(after, kept);
  const [beforeLow, beforeHigh] = limits(before, -margin);
  const perCustomer = {
    value,
    low: value - Math.hypot(afterLow!, beforeLow!),
    high: value + Math.hypot(afterHigh!, beforeHigh!),
    n: control.n + treated.n,
  };
  return { perCustomer, breakEven: breakEvenUplift(before.value, economics), chance: chanceOfProfit(control, treated, economics, prior) };
}

function chanceOfProfit(control: Successes, treated: Successes, { margin, discount, cost }: Economics, prior?: Beta): number {
  const [before, after] = [posterior(control, prior), posterior(treated, prior)];
  const kept = margin - discount;
  const upTo = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : betaParts(x, after.alpha, after.beta).lower);
  const chance = expectation(before, (share) => {
    const needed = share * margin + cost;
    if (kept === 0) return needed < 0 ? 1 : 0;
    return kept > 0 ? 1 - upTo(needed / kept) : upTo(needed / kept);
  });
  return Math.min(1, Math.max(0, chance));
}
