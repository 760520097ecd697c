import {
  type BetaGeometric,
  type BetaGeometricName,
  betaGeometricLog,
  betaGeometricNames,
  checkBetaGeometric,
  type FitOptions,
  fitBetaGeometric,
  logOddsGone,
} from './beta-geometric.ts';
import { type Buyer, chanceOfCount, chanceOfPurchase, chancesOfCounts, drawPurchases, expectedPurchases } from './buyer.ts';
import { type Compressed, checkPositive, type Histories } from './compress.ts';
import type { Fit } from './fit.ts';
import type { Law } from './law.ts';

/**
 * BG/NBD: Fader, Hardie & Lee (2005), '"Counting Your Customers" the Easy Way', Marketing Science 24(2). A customer can drop out only
 * after a repeat purchase, so one who never bought again is alive for certain: P(alive) = 1 at x = 0. Where most customers buy
 * once it therefore says little of who has left; MBG/NBD and Pareto/NBD do.
 */
export type BgNbd = BetaGeometric;

/** A customer's state at T. @throws RangeError that names what is no parameter or no history. */
function bgNbdBuyer(p: BgNbd, x: number, tx: number, T: number): Buyer {
  checkBetaGeometric(p, x, tx, T);
  return { alive: 1 / (1 + Math.exp(logOddsGone(p, 0, x, tx, T))), shape: p.r + x, rate: p.alpha + T, a: p.a, b: p.b + x };
}

/** A customer's state at the first purchase. */
function bgNbdNewBuyer(p: BgNbd): Buyer {
  checkPositive(p, betaGeometricNames);
  return { alive: 1, shape: p.r, rate: p.alpha, a: p.a, b: p.b };
}

/** One customer's log-likelihood, eq. (6). */
export function bgNbdLog(p: BgNbd, x: number, tx: number, T: number): number {
  return betaGeometricLog(p, 0, x, tx, T);
}

/**
 * Maximum likelihood.
 * @throws RangeError for histories that can't be, no customers, no repeat purchase, or no time observed.
 */
export function fitBgNbd(histories: Histories | Compressed, options: FitOptions = {}): Fit<BetaGeometricName> {
  return fitBetaGeometric(histories, 0, 'BG/NBD', options);
}

export const bgNbd: Law<BgNbd> = {
  id: 'bg-nbd',
  alive: (p, x, tx, T) => bgNbdBuyer(p, x, tx, T).alive,
  expected: (p, x, tx, T, t) => expectedPurchases(bgNbdBuyer(p, x, tx, T), t),
  any: (p, x, tx, T, t) => chanceOfPurchase(bgNbdBuyer(p, x, tx, T), t),
  count: (p, x, tx, T, t, n) => chanceOfCount(bgNbdBuyer(p, x, tx, T), n, t),
  counts: (p, x, tx, T, t, out) => chancesOfCounts(bgNbdBuyer(p, x, tx, T), t, out),
  expectedNew: (p, t) => expectedPurchases(bgNbdNewBuyer(p), t),
  countNew: (p, t, n) => chanceOfCount(bgNbdNewBuyer(p), n, t),
  draw: (p, x, tx, T, t, random) => drawPurchases(bgNbdBuyer(p, x, tx, T), t, random),
};
