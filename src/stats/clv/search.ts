import { dot, eigen } from './matrix.ts';
import type { Working } from './working.ts';

/** Log-likelihood that a step must promise to be taken. */
export const tolerance = 1e-10;
/** A gain of log-likelihood not worth a step. */
const negligible = 1e-8;

/** Bounds of the search on the working scale. */
export interface Box {
  low: Float64Array;
  high: Float64Array;
}

/** Where a search ended. */
export interface Searched {
  u: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  decrement: number;
}

/** Inverse of −hessian with its eigenvalues made positive: a metric for the search even where the point is no maximum. */
function metricOf(hessian: Float64Array, k: number, free: boolean[]): Float64Array {
  const m = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) m[i * k + j] = free[i] && free[j] ? -hessian[i * k + j]! : i === j ? 1 : 0;
  const { values, vectors } = eigen(m, k);
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const inverse = new Float64Array(k * k);
  for (let e = 0; e < k; e++) {
    const scale = 1 / Math.max(Math.abs(values[e]!), 1e-9 * largest);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) inverse[i * k + j]! += vectors[i * k + e]! * vectors[j * k + e]! * scale;
  }
  return inverse;
}

const longest = 2;

/**
 * BFGS (Nocedal & Wright 2006, 6.17) for a maximum inside a box, with a bisecting line search for the weak Wolfe conditions (Lewis &
 * Overton 2013). Parameters held at the box by the gradient are left out of the step. Ends when the step promises less than
 * `enough` of log-likelihood.
 */
export function search(
  f: Working,
  start: Float64Array,
  box: Box,
  hessianAt: ((u: Float64Array) => Float64Array) | null,
  enough = tolerance,
  most = 200,
): Searched | null {
  const k = start.length;
  let u = Float64Array.from(start);
  let gradient = new Float64Array(k);
  let value = f(u, gradient);
  if (!Number.isFinite(value) || gradient.some((g) => !Number.isFinite(g))) return null;
  const held = (at: Float64Array, g: Float64Array) =>
    Array.from(at, (ui, i) => !((ui <= box.low[i]! && g[i]! < 0) || (ui >= box.high[i]! && g[i]! > 0)));
  let free = held(u, gradient);
  const fresh = () => {
    if (hessianAt) return metricOf(hessianAt(u), k, free);
    const scale = 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    return Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? scale : 0));
  };
  let metric = fresh();
  let isFresh = true;
  let isScaled = hessianAt !== null;
  let decrement = Number.POSITIVE_INFINITY;
  let quiet = 0;
  let stalled = 0;
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const step = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      if (!free[i]) continue;
      for (let j = 0; j < k; j++) if (free[j]) step[i]! += metric[i * k + j]! * gradient[j]!;
    }
    let slope = dot(step, gradient);
    if (!(slope > 0)) {
      if (free.every((isFree) => !isFree) || isFresh) {
        decrement = 0;
        break;
      }
      metric = fresh();
      isFresh = true;
      continue;
    }
    decrement = slope / 2;
    quiet = decrement < enough ? quiet + 1 : 0;
    // Where rounding of the gradient is all that is left to follow, the value stands still.
    if (stalled > 4) {
      decrement = Math.min(decrement, negligible);
      break;
    }
    if (quiet > 1 || (quiet === 1 && hessianAt !== null && isFresh)) break;
    if (quiet === 1 && hessianAt !== null) {
      // A stale metric can promise little where much is left: look again with the curvature here.
      metric = fresh();
      isFresh = true;
      quiet = 0;
      continue;
    }
    const reach = step.reduce((a, s) => Math.max(a, Math.abs(s)), 0);
    if (reach > longest) {
      for (let i = 0; i < k; i++) step[i]! *= longest / reach;
      slope *= longest / reach;
    }
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let t = 1;
    let best: { u: Float64Array<ArrayBuffer>; value: number; gradient: Float64Array<ArrayBuffer> } | null = null;
    for (let trial = 0; trial < 40; trial++) {
      const next = new Float64Array(k);
      for (let i = 0; i < k; i++) next[i] = Math.min(box.high[i]!, Math.max(box.low[i]!, u[i]! + t * step[i]!));
      const g = new Float64Array(k);
      const v = f(next, g);
      const isFine = Number.isFinite(v) && g.every((gi) => Number.isFinite(gi));
      // Below rounding of the value the gradient alone decides.
      const isFlat = Math.abs(v - value) <= 1e-13 * Math.abs(value) && Math.abs(dot(g, step)) < Math.abs(slope);
      if (!isFine || !(v >= value + 1e-4 * t * slope || isFlat)) {
        high = t;
      } else {
        if (!best || v >= best.value || isFlat) best = { u: next, value: v, gradient: g };
        if (dot(g, step) <= 0.9 * slope || t * reach > 4 * longest || next.some((ui, i) => ui === box.low[i] || ui === box.high[i])) break;
        low = t;
      }
      t = high < Number.POSITIVE_INFINITY ? 0.5 * (low + high) : 2 * t;
      if (best && high - low < 1e-3 * high) break;
    }
    if (!best) {
      if (isFresh) break;
      metric = fresh();
      isFresh = true;
      continue;
    }
    const s = new Float64Array(k);
    const y = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      s[i] = best.u[i]! - u[i]!;
      y[i] = gradient[i]! - best.gradient[i]!;
    }
    const before = free;
    stalled = best.value - value < negligible + 1e-14 * Math.abs(value) ? stalled + 1 : 0;
    u = best.u;
    value = best.value;
    gradient = best.gradient;
    free = held(u, gradient);
    const sy = dot(s, y);
    if (free.some((isFree, i) => isFree !== before[i])) {
      metric = fresh();
      isFresh = true;
    } else if (sy > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y))) {
      if (!isScaled) {
        const scale = sy / dot(y, y);
        metric.fill(0);
        for (let i = 0; i < k; i++) metric[i * (k + 1)] = scale;
        isScaled = true;
      }
      update(metric, s, y, sy);
      isFresh = false;
    }
  }
  return { u, value, gradient, iterations, decrement };
}

function update(metric: Float64Array, s: Float64Array, y: Float64Array, sy: number): void {
  const k = s.length;
  const hy = new Float64Array(k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) hy[i]! += metric[i * k + j]! * y[j]!;
  const factor = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) metric[i * k + j]! += factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
  }
}
