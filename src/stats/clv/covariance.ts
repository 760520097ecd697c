import { cholesky, eigen, solveCholesky } from './matrix.ts';

const ridgeSd = 2;

function reduced(hessian: Float64Array, free: ArrayLike<number>, k: number): { kept: number[]; m: Float64Array } {
  const kept = Array.from({ length: k }, (_, i) => i).filter((i) => free[i]);
  const m = Float64Array.from(
    { length: kept.length ** 2 },
    (_, e) => -hessian[kept[Math.floor(e / kept.length)]! * k + kept[e % kept.length]!]!,
  );
  return { kept, m };
}

/** Newton's step over the free parameters; null where −Hessian is not positive definite. */
export function newtonStep(hessian: Float64Array, gradient: Float64Array, free: ArrayLike<number>, k: number): Float64Array | null {
  const { kept, m } = reduced(hessian, free, k);
  const factor = cholesky(m, kept.length);
  if (!factor) return null;
  const solved = solveCholesky(
    factor,
    Float64Array.from(kept, (i) => gradient[i]!),
  );
  const step = new Float64Array(k);
  for (const [e, i] of kept.entries()) step[i] = solved[e]!;
  return step;
}

/** Inverse of −Hessian over the free parameters; in its stead the parameters of the flattest direction where there is none. */
export function covarianceOf(
  hessian: Float64Array,
  free: ArrayLike<number>,
  k: number,
): { covariance: Float64Array | null; flat: number[] } {
  const { kept, m } = reduced(hessian, free, k);
  const size = kept.length;
  if (size === 0) return { covariance: new Float64Array(k * k), flat: [] };
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(Math.max(Math.abs(m[i * (size + 1)]!), 1e-300)));
  const standard = m.map((value, e) => value * scale[Math.floor(e / size)]! * scale[e % size]!);
  const { values, vectors } = eigen(standard, size);
  const least = values.reduce((at, value, i) => (value < values[at]! ? i : at), 0);
  const isFlat = (i: number) => !(m[i * (size + 1)]! > 1e-9);
  if (!(values[least]! > 1e-11) || kept.some((_, i) => isFlat(i))) {
    const flat = kept.filter((_, i) => isFlat(i) || Math.abs(vectors[i * size + least]!) > 0.3);
    return { covariance: null, flat };
  }
  const covariance = new Float64Array(k * k);
  for (let e = 0; e < size; e++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        covariance[kept[i]! * k + kept[j]!]! += (vectors[i * size + e]! * vectors[j * size + e]! * scale[i]! * scale[j]!) / values[e]!;
      }
    }
  }
  return { covariance, flat: [] };
}

export function correlationsOf(covariance: Float64Array, k: number): number[][] {
  const sd = Array.from({ length: k }, (_, i) => Math.sqrt(covariance[i * (k + 1)]!));
  return sd.map((si, i) => sd.map((sj, j) => (i === j ? 1 : si > 0 && sj > 0 ? covariance[i * k + j]! / (si * sj) : 0)));
}

/** Directions in which positive parameters can move together by over e^2 at a loss of half a unit. */
export function ridges(covariance: Float64Array, isReal: boolean[], k: number): { sd: number; among: number[] }[] {
  const positive = Array.from({ length: k }, (_, i) => i).filter((i) => !isReal[i]);
  const size = positive.length;
  const m = Float64Array.from({ length: size ** 2 }, (_, e) => covariance[positive[Math.floor(e / size)]! * k + positive[e % size]!]!);
  const { values, vectors } = eigen(m, size);
  return Array.from(values, (value, e) => ({
    sd: Math.sqrt(Math.max(0, value)),
    among: positive.filter((_, i) => Math.abs(vectors[i * size + e]!) > 0.3),
  })).filter(({ sd, among }) => sd > ridgeSd && among.length > 1);
}
