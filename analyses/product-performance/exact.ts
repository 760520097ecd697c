import { logGamma } from '#stats/gamma.ts';
import type { Successes } from '#stats/proportion.ts';

const choose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * Fisher's exact test on one side: the chance of at least as many successes in `own` if `own` and `rest` had the same rate, given
 * both sizes and the successes of both. 1 where either is empty.
 */
export function exactAbove(own: Successes, rest: Successes): number {
  const n = own.n + rest.n;
  const successes = own.successes + rest.successes;
  if (own.n === 0 || rest.n === 0) return 1;
  const whole = choose(n, own.n);
  let p = 0;
  for (let x = own.successes; x <= Math.min(own.n, successes); x++) {
    if (own.n - x > n - successes) continue;
    p += Math.exp(choose(successes, x) + choose(n - successes, own.n - x) - whole);
  }
  return Math.min(1, p);
}

/** The same for at most as many successes. */
export function exactBelow(own: Successes, rest: Successes): number {
  const turned = ({ successes, n }: Successes): Successes => ({ successes: n - successes, n });
  return exactAbove(turned(own), turned(rest));
}
