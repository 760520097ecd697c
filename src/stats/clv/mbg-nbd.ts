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
 * MBG/NBD: Batislam, Denizel & Filiztekin (2007), Int. J. Research in Marketing 24(3); Hoppe & Wagner (2007), Marketing JRM 3(2), as
 * CBG/NBD. BG/NBD with one more chance to drop out, right after the first purchase, so that one-time buyers can be gone.
 */
export type MbgNbd = BetaGeometric;

/** A customer's state at T. @throws RangeError that names what is no parameter or no history. */
function mbgNbdBuyer(p: MbgNbd, x: number, tx: number, T: number): Buyer {
  checkBetaGeometric(p, x, tx, T);
  return { alive: 1 / (1 + Math.exp(logOddsGone(p, 1, x, tx, T))), shape: p.r + x, rate: p.alpha + T, a: p.a, b: p.b + x + 1 };
}

/** A customer's state at the first purchase: already gone with probability a/(a+b). */
function mbgNbdNewBuyer(p: MbgNbd): Buyer {
  checkPositive(p, betaGeometricNames);
  return { alive: p.b / (p.a + p.b), shape: p.r, rate: p.alpha, a: p.a, b: p.b + 1 };
}

/** One customer's log-likelihood, Batislam et al. (2007), eq. (6). */
export function mbgNbdLog(p: MbgNbd, x: number, tx: number, T: number): number {
  return betaGeometricLog(p, 1, x, tx, T);
}

/**
 * Maximum likelihood.
 * @throws RangeError for histories that can't be, no customers, no repeat purchase, or no time observed.
 */
export function fitMbgNbd(histories: Histories | Compressed, options: FitOptions = {}): Fit<BetaGeometricName> {
  return fitBetaGeometric(histories, 1, 'MBG/NBD', options);
}

export const mbgNbd: Law<MbgNbd> = {
  id: 'mbg-nbd',
  alive: (p, x, tx, T) => mbgNbdBuyer(p, x, tx, T).alive,
  expected: (p, x, tx, T, t) => expectedPurchases(mbgNbdBuyer(p, x, tx, T), t),
  any: (p, x, tx, T, t) => chanceOfPurchase(mbgNbdBuyer(p, x, tx, T), t),
  count: (p, x, tx, T, t, n) => chanceOfCount(mbgNbdBuyer(p, x, tx, T), n, t),
  counts: (p, x, tx, T, t, out) => chancesOfCounts(mbgNbdBuyer(p, x, tx, T), t, out),
  expectedNew: (p, t) => expectedPurchases(mbgNbdNewBuyer(p), t),
  countNew: (p, t, n) => chanceOfCount(mbgNbdNewBuyer(p), n, t),
  draw: (p, x, tx, T, t, random) => drawPurchases(mbgNbdBuyer(p, x, tx, T), t, random),
};
