import type { Random } from '../../../src/stats/random.ts';

export interface Simulated {
  x: Float64Array;
  tx: Float64Array;
  T: Float64Array;
  /** Purchases in (T, T + holdout]. */
  later: Float64Array;
}

export interface Truth {
  r: number;
  alpha: number;
  a: number;
  b: number;
  /** 1: a chance to drop out at the first purchase too (MBG/NBD). */
  first?: 0 | 1;
}

/** Customers of a beta-geometric shop, purchase by purchase, in weeks; with `step` all times are rounded up to multiples of it. */
export function simulate(
  truth: Truth,
  n: number,
  random: Random,
  options: { from?: number; to?: number; holdout?: number; step?: number } = {},
): Simulated {
  const { from = 27, to = 39, holdout = 0, step = 0 } = options;
  const out = { x: new Float64Array(n), tx: new Float64Array(n), T: new Float64Array(n), later: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const raw = from + (to - from) * random.uniform();
    const T = step > 0 ? Math.ceil(raw / step) * step : raw;
    const lambda = random.gamma(truth.r) / truth.alpha;
    const leave = random.gamma(truth.a);
    const p = leave / (leave + random.gamma(truth.b));
    let t = 0;
    let isAlive = !(truth.first === 1 && random.uniform() < p);
    out.T[i] = T;
    while (isAlive) {
      t -= Math.log(1 - random.uniform()) / lambda;
      if (!(t <= T + holdout)) break;
      if (t <= T) {
        out.x[i]! += 1;
        out.tx[i] = step > 0 ? Math.min(T, Math.ceil(t / step) * step) : t;
      } else {
        out.later[i]! += 1;
      }
      isAlive = random.uniform() >= p;
    }
  }
  return out;
}
