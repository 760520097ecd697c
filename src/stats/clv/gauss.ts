/** A Gauss–Legendre rule on [−1, 1]. */
export interface GaussRule {
  nodes: Float64Array;
  weights: Float64Array;
}

/** Nodes and weights of the n-point Gauss–Legendre rule, by Newton's method on P_n (DLMF 3.5.15, 18.9.1). */
export function gaussLegendre(n: number): GaussRule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let p = 1;
      let before = 0;
      for (let j = 0; j < n; j++) [p, before] = [((2 * j + 1) * z * p - j * before) / (j + 1), p];
      slope = (n * (z * p - before)) / (z * z - 1);
      const move = p / slope;
      z -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    nodes[i] = -z;
    nodes[n - 1 - i] = z;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - z * z) * slope * slope);
  }
  if (n % 2 === 1) nodes[n >> 1] = 0;
  return { nodes, weights };
}
