/** A Gauss–Legendre rule on [−1, 1]. */
interface GaussRule {
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

const rules = [8, 10, 12, 14, 16, 20, 28].map(gaussLegendre);
const widest = 7.5;
const steepest = 60;

/**
 * How finely to integrate exp(h) over a stretch of length `length`, for concave h that changes by at most `swing` over it and whose
 * nearest singularity is πi away: into equal pieces, each with a rule that gives 13 digits (bounds measured over such functions).
 */
export function piecesFor(swing: number, length: number): { pieces: number; rule: GaussRule } {
  const pieces = Math.max(1, Math.ceil(swing / steepest), Math.ceil(length / widest));
  const s = swing / pieces;
  const l = length / pieces;
  const bySwing = s <= 1 ? 0 : s <= 5 ? 1 : s <= 8 ? 2 : s <= 12 ? 3 : s <= 20 ? 4 : s <= 36 ? 5 : 6;
  const byLength = l <= 1.5 ? 0 : l <= 2 ? 1 : l <= 3 ? 2 : l <= 4 ? 3 : l <= 5.5 ? 5 : 6;
  return { pieces, rule: rules[Math.max(bySwing, byLength)]! };
}

/** Where exp(h) has fallen by e^−45 from its top, what lies beyond is below rounding. */
export const negligible = 45;

/** A point between `inside` and `outside` beyond which concave, falling h stays below `level`, and not far beyond it. */
export function crossing(h: (y: number) => number, inside: number, outside: number, level: number): number {
  let a = inside;
  let b = outside;
  for (let i = 0; i < 60 && h(b) < level - 5; i++) {
    const middle = 0.5 * (a + b);
    if (h(middle) < level) b = middle;
    else a = middle;
  }
  return b;
}

/** ln ∫ exp(h) from −∞ to `high`, for concave h with a positive slope at −∞ and singularities no nearer than πi. */
export function logConcaveIntegral(h: (y: number) => number, slope: (y: number) => number, high: number): number {
  let peak = high;
  if (slope(high) < 0) {
    let a = high - 1;
    while (slope(a) < 0) a -= 2 * (high - a);
    let b = high;
    for (let i = 0; i < 60 && b - a > 1e-3; i++) {
      const middle = 0.5 * (a + b);
      if (slope(middle) < 0) b = middle;
      else a = middle;
    }
    peak = 0.5 * (a + b);
  }
  const top = h(peak);
  let reach = 1;
  while (h(peak - reach) > top - negligible) reach *= 2;
  const low = crossing(h, peak, peak - reach, top - negligible);
  const end = h(high) < top - negligible ? crossing(h, peak, high, top - negligible) : high;
  const { pieces, rule } = piecesFor(Math.max(Math.abs(slope(low)), Math.abs(slope(end))) * (end - low), end - low);
  const half = (end - low) / pieces / 2;
  let total = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const middle = low + half * (2 * piece + 1);
    for (let k = 0; k < rule.nodes.length; k++) total += rule.weights[k]! * Math.exp(h(middle + half * rule.nodes[k]!) - top);
  }
  return top + Math.log(half * total);
}
