import { logDecayIntegral } from './decay-integral.ts';

/** Places written by `paretoTerms`: P(alive), 4 first and 10 second derivatives in (r, α, s, β). */
export const paretoPlaces = 15;

const moments = new Float64Array(14);

/**
 * ln L(r, α, s, β | x, t_x, T) of the Pareto/NBD model without its ln Γ(r+x) − ln Γ(r), which depends on x and r alone:
 * α^r β^s { (α+T)^−(r+x) (β+T)^−s + s ∫ from t_x to T of (α+τ)^−(r+x) (β+τ)^−(s+1) dτ }, still active at T or gone at τ
 * (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, 'A Note on Deriving the Pareto/NBD Model', eq. 16 to 19, with the
 * difference of two ₂F₁ kept as the integral it came from, so that nothing cancels).
 *
 * With `out`, also P(alive) at [0], the gradient at [1 … 4] and, with `curvature`, the Hessian's upper triangle by rows at [5 … 14].
 */
export function paretoTerms(
  r: number,
  alpha: number,
  s: number,
  beta: number,
  x: number,
  tx: number,
  T: number,
  out?: Float64Array,
  curvature = false,
): number {
  const a = r + x;
  const alphaT = alpha + T;
  const betaT = beta + T;
  const logAlphaT = Math.log(alphaT);
  const logBetaT = Math.log(betaT);
  const logAlpha = Math.log(alpha);
  const logBeta = Math.log(beta);
  const logActive = -a * logAlphaT - s * logBetaT;
  const logGone = Math.log(s) + logDecayIntegral(alpha, beta, a, s + 1, tx, T, out && moments, curvature);
  const odds = Math.exp(-Math.abs(logGone - logActive));
  const logBoth = Math.max(logActive, logGone) + Math.log1p(odds);
  const value = r * logAlpha + s * logBeta + logBoth;
  if (!out) return value;
  const alive = (logActive >= logGone ? 1 : odds) / (1 + odds);
  const gone = (logActive >= logGone ? odds : 1) / (1 + odds);
  const b = s + 1;
  const a1 = 1 / alphaT;
  const b1 = 1 / betaT;
  const meanLogA = moments[0]!;
  const meanA = moments[1]!;
  const meanLogB = moments[2]!;
  const meanB = moments[3]!;
  const gr = alive * -logAlphaT + gone * -meanLogA;
  const ga = -a * (alive * a1 + gone * meanA);
  const gs = alive * -logBetaT + (gone > 0 ? gone * (1 / s - meanLogB) : 0);
  const gb = -s * alive * b1 - b * gone * meanB;
  out[0] = alive;
  out[1] = logAlpha + gr;
  out[2] = r / alpha + ga;
  out[3] = logBeta + gs;
  out[4] = s / beta + gb;
  if (!curvature) return value;
  const k = 1 / s;
  out[5] = alive * logAlphaT * logAlphaT + gone * moments[4]! - gr * gr;
  out[6] = 1 / alpha - alive * a1 - gone * meanA + a * (alive * logAlphaT * a1 + gone * moments[5]!) - gr * ga;
  out[7] = alive * logAlphaT * logBetaT + gone * (moments[6]! - k * meanLogA) - gr * gs;
  out[8] = s * alive * logAlphaT * b1 + b * gone * moments[7]! - gr * gb;
  out[9] = -r / (alpha * alpha) + a * (a + 1) * (alive * a1 * a1 + gone * moments[8]!) - ga * ga;
  out[10] = a * (alive * a1 * logBetaT + gone * (moments[9]! - k * meanA)) - ga * gs;
  out[11] = a * (s * alive * a1 * b1 + b * gone * moments[10]!) - ga * gb;
  out[12] = alive * logBetaT * logBetaT + gone * (moments[11]! - 2 * k * meanLogB) - gs * gs;
  out[13] = 1 / beta - alive * b1 - gone * meanB + s * alive * logBetaT * b1 + gone * b * (moments[12]! - k * meanB) - gs * gb;
  out[14] = -s / (beta * beta) + s * (s + 1) * alive * b1 * b1 + b * (b + 1) * gone * moments[13]! - gb * gb;
  return value;
}
