import type { Random } from '../random.ts';

/**
 * A model of repeat purchases with its parameters, in the time unit it was fitted in: for a customer with history (x, t_x, T), all
 * functions pure and finite. `t` counts from T, for a new customer from the first purchase.
 */
export interface Law<P> {
  id: 'bg-nbd' | 'mbg-nbd' | 'nbd' | 'pareto-nbd';
  /** P(alive at T). */
  alive(p: P, x: number, tx: number, T: number): number;
  /** Expected purchases in (T, T+t]. */
  expected(p: P, x: number, tx: number, T: number, t: number): number;
  /** P(at least one purchase in (T, T+t]). */
  any(p: P, x: number, tx: number, T: number, t: number): number;
  /** P(n purchases in (T, T+t]). */
  count(p: P, x: number, tx: number, T: number, t: number, n: number): number;
  /**
   * P(n purchases in (T, T+t]) for n = 0, 1, … into `out`, by recurrence, up to where less than 1e-9 is left.
   * @returns how many were written.
   */
  counts(p: P, x: number, tx: number, T: number, t: number, out: number[]): number;
  /** Expected repeat purchases of a customer just won in (0, t]. */
  expectedNew(p: P, t: number): number;
  /** P(n repeat purchases in (0, t]) of a customer just won. */
  countNew(p: P, t: number, n: number): number;
  /** A random number of purchases in (T, T+t]. */
  draw(p: P, x: number, tx: number, T: number, t: number, random: Random): number;
}
