import { betaQuantileParts } from './beta.ts';
import { binomialTails } from './distribution.ts';
import { checkCount, checkLevel, defaultLevel, type Estimate } from './estimate.ts';
import { gammaQuantile } from './gamma.ts';

/** Events counted over an exposure (days, sessions, customers), a positive number. */
export interface Events {
  count: number;
  exposure: number;
}

function check({ count, exposure }: Events): void {
  checkCount('count', count);
  if (!(exposure >= 0 && exposure < Number.POSITIVE_INFINITY))
    throw new RangeError(`exposure: expected a finite number of at least 0, found ${exposure}`);
}

/**
 * Events per unit of exposure with the exact Poisson interval (Garwood 1936). Null for exposure 0.
 * @throws RangeError unless count is whole, both at least 0.
 */
export function poissonRate(count: number, exposure = 1, level = defaultLevel): Estimate | null {
  check({ count, exposure });
  if (exposure === 0) return null;
  const tail = (1 - checkLevel(level)) / 2;
  return {
    value: count / exposure,
    low: count === 0 ? 0 : gammaQuantile(tail, count) / exposure,
    high: gammaQuantile(1 - tail, count + 1, tail) / exposure,
    n: count,
  };
}

export interface RateTest {
  /** Rate of `b` over rate of `a`; null where `a` counted nothing. */
  ratio: number | null;
  low: number;
  /** Infinity where `a` counted nothing. */
  high: number;
  /** Two-sided: twice the smaller exact tail, at most 1, so that it agrees with the interval. */
  p: number;
  n: number;
}

/**
 * Two Poisson counts: ratio of rates b / a, exact given their sum, which makes b binomial (Przyborowski & Wilenski 1940), with
 * the Clopper–Pearson interval carried over. Null where nothing was counted or an exposure is 0.
 * @throws RangeError unless counts are whole and at least 0.
 */
export function compareRates(a: Events, b: Events, level = defaultLevel): RateTest | null {
  check(a);
  check(b);
  const n = a.count + b.count;
  if (n === 0 || a.exposure === 0 || b.exposure === 0) return null;
  const tail = (1 - checkLevel(level)) / 2;
  const scale = a.exposure / b.exposure;
  const odds = ({ x, y }: { x: number; y: number }) => (scale * x) / y;
  const { lower, upper } = binomialTails(b.count, n, b.exposure / (a.exposure + b.exposure));
  return {
    ratio: a.count === 0 ? null : (scale * b.count) / a.count,
    low: b.count === 0 ? 0 : odds(betaQuantileParts(tail, b.count, a.count + 1)),
    high: a.count === 0 ? Number.POSITIVE_INFINITY : odds(betaQuantileParts(1 - tail, b.count + 1, a.count, tail)),
    p: Math.min(1, 2 * Math.min(lower, upper)),
    n,
  };
}
