import { type Compressed, checkHistory, checkPositive, compress, type Histories, thin } from './compress.ts';
import { type Fit, type LogLikelihood, maximise, type Prior } from './fit.ts';
import { logRising, risingCurvature, risingSlope } from './rising.ts';

/** Parameters of both beta-geometric models: rates ~ Gamma(r, α), α in the histories' time unit; dropout chances ~ Beta(a, b). */
export interface BetaGeometric {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

export type BetaGeometricName = keyof BetaGeometric;

export const betaGeometricNames = ['r', 'alpha', 'a', 'b'] as const satisfies readonly BetaGeometricName[];

/** 0: no chance to drop out at the first purchase (BG/NBD); 1: one there too (MBG/NBD). */
export type FirstChance = 0 | 1;

export interface FitOptions {
  /** None unless given. */
  prior?: Prior;
  /** Starting points (r, α, a, b) instead of the usual ones. */
  starts?: readonly (readonly number[])[];
}

const softplus = (d: number) => (d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d)));

/** ln of the odds that a customer is gone: ln [a/(b+x+k−1)] + (r+x) ln [(α+T)/(α+t_x)]; −Infinity where none could have left. */
export function logOddsGone(p: BetaGeometric, k: FirstChance, x: number, tx: number, T: number): number {
  if (x + k === 0) return Number.NEGATIVE_INFINITY;
  return Math.log(p.a / (p.b + x + k - 1)) + (p.r + x) * Math.log1p((T - tx) / (p.alpha + tx));
}

/** @throws RangeError that names what is no parameter or no history. */
export function checkBetaGeometric(p: BetaGeometric, x: number, tx: number, T: number): void {
  checkPositive(p, betaGeometricNames);
  checkHistory(x, tx, T);
}

/** One customer's log-likelihood: Fader, Hardie & Lee (2005), eq. (6), with k = 1 Batislam et al. (2007), eq. (6). */
export function betaGeometricLog(p: BetaGeometric, k: FirstChance, x: number, tx: number, T: number): number {
  checkBetaGeometric(p, x, tx, T);
  return (
    logRising(p.r, x) -
    x * Math.log(p.alpha) -
    (p.r + x) * Math.log1p(T / p.alpha) +
    logRising(p.b, x + k) -
    logRising(p.a + p.b, x + k) +
    softplus(logOddsGone(p, k, x, tx, T))
  );
}

/**
 * Log-likelihood of all rows in (r, α, a, b) with gradient and Hessian. What depends on x alone is worked out once for each different
 * x; a row costs two logarithms and an exponential, one without a chance to drop out a single logarithm.
 */
export function betaGeometricLikelihood(rows: Compressed, k: FirstChance): LogLikelihood {
  const { tx, T, weight, frequencies, offsets } = rows;
  return (theta, gradient, hessian) => {
    const r = theta[0]!;
    const alpha = theta[1]!;
    const a = theta[2]!;
    const b = theta[3]!;
    const logAlpha = Math.log(alpha);
    let total = 0;
    let gr = 0;
    let galpha = 0;
    let ga = 0;
    let gb = 0;
    let rr = 0;
    let ralpha = 0;
    let ra = 0;
    let rb = 0;
    let alphaalpha = 0;
    let alphaa = 0;
    let alphab = 0;
    let aa = 0;
    let ab = 0;
    let bb = 0;
    for (let f = 0; f < frequencies.length; f++) {
      const x = frequencies[f]!;
      const chances = x + k;
      const n = r + x;
      const inverse = chances > 0 ? 1 / (b + chances - 1) : 0;
      const logOdds = chances > 0 ? Math.log(a * inverse) : Number.NEGATIVE_INFINITY;
      let w = 0;
      let wlog = 0;
      let wplus = 0;
      let wp = 0;
      let wpd = 0;
      let wpe = 0;
      let wi = 0;
      let wii = 0;
      let wpee = 0;
      let v = 0;
      let vd = 0;
      let ve = 0;
      let vdd = 0;
      let vde = 0;
      let vee = 0;
      for (let i = offsets[f]!; i < offsets[f + 1]!; i++) {
        const wt = weight[i]!;
        const it = 1 / (alpha + T[i]!);
        const logT = Math.log1p(T[i]! / alpha);
        w += wt;
        wlog += wt * logT;
        wi += wt * it;
        if (hessian) wii += wt * it * it;
        if (chances === 0) continue;
        const ix = 1 / (alpha + tx[i]!);
        const d = Math.log1p((T[i]! - tx[i]!) * ix);
        const odds = logOdds + n * d;
        const small = Math.exp(odds > 0 ? -odds : odds);
        wplus += wt * (odds > 0 ? odds + Math.log1p(small) : Math.log1p(small));
        if (!gradient) continue;
        const gone = odds > 0 ? 1 / (1 + small) : small / (1 + small);
        const e = (tx[i]! - T[i]!) * it * ix;
        const wg = wt * gone;
        wp += wg;
        wpd += wg * d;
        wpe += wg * e;
        if (!hessian) continue;
        const spread = wg / (odds > 0 ? 1 + 1 / small : 1 + small);
        wpee += wg * (it * it - ix * ix);
        v += spread;
        vd += spread * d;
        ve += spread * e;
        vdd += spread * d * d;
        vde += spread * d * e;
        vee += spread * e * e;
      }
      total += w * (logRising(r, x) - x * logAlpha + logRising(b, chances) - logRising(a + b, chances)) - n * wlog + wplus;
      if (!gradient) continue;
      const both = chances > 0 ? risingSlope(a + b, chances) : 0;
      gr += w * risingSlope(r, x) - wlog + wpd;
      galpha += (w * r) / alpha - n * wi + n * wpe;
      ga += wp / a - w * both;
      gb += w * ((chances > 0 ? risingSlope(b, chances) : 0) - both) - wp * inverse;
      if (!hessian) continue;
      const bothBent = chances > 0 ? risingCurvature(a + b, chances) : 0;
      rr += w * risingCurvature(r, x) + vdd;
      ralpha += w / alpha - wi + wpe + n * vde;
      ra += vd / a;
      rb -= vd * inverse;
      alphaalpha += (-w * r) / (alpha * alpha) + n * wii - n * wpee + n * n * vee;
      alphaa += (n * ve) / a;
      alphab -= n * ve * inverse;
      aa += (v - wp) / (a * a) - w * bothBent;
      ab -= (v * inverse) / a + w * bothBent;
      bb += (v + wp) * inverse * inverse + w * ((chances > 0 ? risingCurvature(b, chances) : 0) - bothBent);
    }
    if (gradient) gradient.set([gr, galpha, ga, gb]);
    if (hessian) hessian.set([rr, ralpha, ra, rb, ralpha, alphaalpha, alphaa, alphab, ra, alphaa, aa, ab, rb, alphab, ab, bb]);
    return total;
  };
}

/** Starts that keep the observed purchase rate, from heavy to light spread and from little to much dropout. */
export function betaGeometricStarts(rows: Compressed): number[][] {
  let purchases = 0;
  let exposure = 0;
  for (let i = 0; i < rows.x.length; i++) {
    purchases += rows.weight[i]! * rows.x[i]!;
    exposure += rows.weight[i]! * (rows.x[i]! > 0 ? 0.5 * (rows.tx[i]! + rows.T[i]!) : rows.T[i]!);
  }
  const rate = purchases / exposure;
  return [
    [0.3, 0.2 / rate, 0.8, 2.4],
    [1, 0.8 / rate, 1, 1.5],
    [2, 1.9 / rate, 0.2, 4],
    [0.1, 0.05 / rate, 2, 2],
  ];
}

/** Rows for a fit. @throws RangeError for no customers, no repeat purchase or no time observed, and as `checkHistories`. */
export function rowsToFit(histories: Histories | Compressed, model: string): Compressed {
  const rows = 'offsets' in histories ? histories : compress(histories);
  if (rows.x.length === 0) throw new RangeError(`x: expected at least one customer to fit ${model} to, found none`);
  if (rows.frequencies.at(-1) === 0) throw new RangeError(`x: ${model} can't be fitted where no customer bought again`);
  if (!rows.T.some((T) => T > 0))
    throw new RangeError(`T: ${model} can't be fitted where no customer was observed for any time (all T are 0)`);
  return rows;
}

export function fitBetaGeometric(
  histories: Histories | Compressed,
  k: FirstChance,
  model: string,
  options: FitOptions,
): Fit<BetaGeometricName> {
  const rows = rowsToFit(histories, model);
  const few = thin(rows, 1500);
  return maximise<BetaGeometricName>({
    names: betaGeometricNames,
    logLikelihood: betaGeometricLikelihood(rows, k),
    hasHessian: true,
    ...(few === rows ? {} : { coarse: betaGeometricLikelihood(few, k) }),
    starts: options.starts ?? betaGeometricStarts(rows),
    customers: rows.customers,
    ...(options.prior && { prior: options.prior }),
  });
}
