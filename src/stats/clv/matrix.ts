/** Lower Cholesky factor of a symmetric k × k row-major matrix; null unless it is positive definite. */
export function cholesky(matrix: Float64Array, k: number): Float64Array | null {
  const factor = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let total = matrix[i * k + j]!;
      for (let e = 0; e < j; e++) total -= factor[i * k + e]! * factor[j * k + e]!;
      if (i !== j) factor[i * k + j] = total / factor[j * k + j]!;
      else if (total > 0) factor[i * k + i] = Math.sqrt(total);
      else return null;
    }
  }
  return factor;
}

/** x with L Lᵀ x = b. */
export function solveCholesky(factor: Float64Array, b: Float64Array): Float64Array {
  const k = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) x[i]! -= factor[i * k + j]! * x[j]!;
    x[i]! /= factor[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let j = i + 1; j < k; j++) x[i]! -= factor[j * k + i]! * x[j]!;
    x[i]! /= factor[i * k + i]!;
  }
  return x;
}

/** Eigenvalues and eigenvectors (columns, k × k row-major) of a symmetric matrix, by Jacobi's rotations. */
export function eigen(matrix: Float64Array, k: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const vectors = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let on = 0;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        if (i === j) on += a[i * k + j]! ** 2;
        else off += a[i * k + j]! ** 2;
      }
    }
    if (!(off > 1e-32 * on)) break;
    for (let p = 0; p < k; p++) {
      for (let q = p + 1; q < k; q++) {
        const apq = a[p * k + q]!;
        if (apq === 0) continue;
        const ratio = (a[q * k + q]! - a[p * k + p]!) / (2 * apq);
        const t = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let i = 0; i < k; i++) {
          const aip = a[i * k + p]!;
          const aiq = a[i * k + q]!;
          a[i * k + p] = c * aip - s * aiq;
          a[i * k + q] = s * aip + c * aiq;
        }
        for (let i = 0; i < k; i++) {
          const api = a[p * k + i]!;
          const aqi = a[q * k + i]!;
          a[p * k + i] = c * api - s * aqi;
          a[q * k + i] = s * api + c * aqi;
          const vip = vectors[i * k + p]!;
          const viq = vectors[i * k + q]!;
          vectors[i * k + p] = c * vip - s * viq;
          vectors[i * k + q] = s * vip + c * viq;
        }
      }
    }
  }
  return { values: Float64Array.from({ length: k }, (_, i) => a[i * (k + 1)]!), vectors };
}

/** Inner product. */
export const dot = (a: Float64Array, b: Float64Array) => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
};
