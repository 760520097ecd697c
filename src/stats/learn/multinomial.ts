import { cholesky, solveCholesky } from '../clv/matrix.ts';
import type { Coded } from './coded.ts';
import { checkAllClasses, checkRidge } from './features.ts';
import { inverseOf } from './logistic.ts';

export interface MultinomialOptions {
  /** λ > 0 of the penalty λ/2 · Σ β² on the log-odds of the bins, the intercepts left out. */
  ridge: number;
}

/**
 * A model of classes that adds up: the log-odds of a class (up to what all classes have in common) are its intercept plus one number for the
 * bin of each feature. The numbers of a bin add up to 0 over the classes.
 */
export interface Multinomial {
  names: readonly string[];
  bins: readonly (readonly string[])[];
  classes: number;
  /** One a class; they add up to 0. */
  intercepts: Float64Array;
  /** One list a feature: bins × classes, row-major. */
  weights: readonly Float64Array[];
  /** Of the weights, in the same places, from the inverse of the penalised Hessian. */
  standardErrors: readonly Float64Array[];
  /** Of the data alone, without the penalty. */
  logLikelihood: number;
  /** Of the model of the classes' shares. */
  nullLogLikelihood: number;
  ridge: number;
  iterations: number;
  n: number;
}

const most = 50;

/**
 * Multinomial logistic regression on features in bins, with a ridge, by Newton's method on the sparse rows. The ridge makes bins that agree
 * in all rows, bins of a single class (separable data) and bins without a row have a solution; the last get 0.
 * @param y class of each row, 0 to `classes` − 1.
 * @throws RangeError that names the argument: a class without a row, a ridge that isn't positive, codes outside the bins.
 */
export function multinomial(
  { names, bins, codes }: Coded,
  y: ArrayLike<number>,
  classes: number,
  { ridge }: MultinomialOptions,
): Multinomial {
  const n = codes[0]?.length ?? y.length;
  checkAllClasses(y, n, classes);
  checkRidge(ridge);
  if (ridge === 0) throw new RangeError('ridge: expected a positive number; the bins of a feature are collinear without one');
  const starts = checkCodes(names, bins, codes, n);
  const p = starts.at(-1)!;
  const k = p + 1;
  const free = classes - 1;
  const size = free * k;
  const f = codes.length;

  // Column 0 is the intercept; the last class has no parameters of its own, and the penalty is that on weights which add up to 0.
  const active = new Int32Array(n * (f + 1));
  const activeCount = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let at = i * (f + 1);
    active[at++] = 0;
    for (let j = 0; j < f; j++) if (codes[j]![i]! >= 0) active[at++] = 1 + starts[j]! + codes[j]![i]!;
    activeCount[i] = at - i * (f + 1);
  }
  const shares = new Float64Array(classes);
  for (let i = 0; i < n; i++) shares[y[i]!]! += 1 / n;
  const nullLogLikelihood = shares.reduce((sum, share) => sum + n * share * Math.log(share), 0);
  const theta = new Float64Array(size);
  for (let a = 0; a < free; a++) theta[a * k] = Math.log(shares[a]! / shares[free]!);
  const chances = new Float64Array(n * classes);

  const penaltyOf = (at: Float64Array): number => {
    let value = 0;
    for (let c = 1; c < k; c++) {
      let [sum, squares] = [0, 0];
      for (let a = 0; a < free; a++) {
        sum += at[a * k + c]!;
        squares += at[a * k + c]! ** 2;
      }
      value += squares - (sum * sum) / classes;
    }
    return 0.5 * ridge * value;
  };
  const evaluate = (at: Float64Array): { data: number; value: number } => {
    let data = 0;
    const eta = new Float64Array(classes);
    for (let i = 0; i < n; i++) {
      eta.fill(0);
      const from = i * (f + 1);
      const to = from + activeCount[i]!;
      for (let a = 0; a < free; a++) {
        let t = 0;
        for (let e = from; e < to; e++) t += at[a * k + active[e]!]!;
        eta[a] = t;
      }
      let highest = eta[0]!;
      for (let a = 1; a < classes; a++) highest = Math.max(highest, eta[a]!);
      let total = 0;
      for (let a = 0; a < classes; a++) total += Math.exp(eta[a]! - highest);
      for (let a = 0; a < classes; a++) chances[i * classes + a] = Math.exp(eta[a]! - highest) / total;
      data += eta[y[i]!]! - highest - Math.log(total);
    }
    return { data, value: data - penaltyOf(at) };
  };
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const differentiate = () => {
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < n; i++) {
      const from = i * (f + 1);
      const to = from + activeCount[i]!;
      for (let a = 0; a < free; a++) {
        const pa = chances[i * classes + a]!;
        const error = (y[i] === a ? 1 : 0) - pa;
        for (let e = from; e < to; e++) gradient[a * k + active[e]!]! += error;
        for (let b = 0; b <= a; b++) {
          const v = a === b ? pa * (1 - pa) : -pa * chances[i * classes + b]!;
          for (let e = from; e < to; e++) {
            const line = (a * k + active[e]!) * size + b * k;
            for (let g = from; g < to; g++) hessian[line + active[g]!]! += v;
          }
        }
      }
    }
    for (let c = 1; c < k; c++) {
      for (let a = 0; a < free; a++) {
        for (let b = 0; b <= a; b++) {
          const pull = ridge * ((a === b ? 1 : 0) - 1 / classes);
          hessian[(a * k + c) * size + b * k + c]! += pull;
          gradient[a * k + c]! -= pull * theta[b * k + c]!;
          if (a !== b) gradient[b * k + c]! -= pull * theta[a * k + c]!;
        }
      }
    }
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) hessian[j * size + i] = hessian[i * size + j]!;
  };

  let { data, value } = evaluate(theta);
  let iterations = 0;
  let factor: Float64Array;
  for (; ; iterations++) {
    differentiate();
    const made = cholesky(hessian, size);
    if (!made) throw new RangeError(`ridge: ${ridge} is too small for these bins; give a larger one`);
    factor = made;
    const step = solveCholesky(factor, gradient);
    let decrement = 0;
    for (let j = 0; j < size; j++) decrement += step[j]! * gradient[j]!;
    if (decrement < 1e-14 * (1 + Math.abs(value)) || iterations === most) break;
    const before = Float64Array.from(theta);
    for (let t = 1, trial = 0; trial < 40; trial++, t /= 2) {
      for (let j = 0; j < size; j++) theta[j] = before[j]! + t * step[j]!;
      const next = evaluate(theta);
      if (next.value >= value - 1e-12 * Math.abs(value)) {
        ({ data, value } = next);
        break;
      }
    }
  }
  const inverse = inverseOf(factor, size);
  // Weight of class a less the mean over the classes, of which the last has 0.
  const contrast = (a: number, b: number) => (a === b ? 1 : 0) - 1 / classes;
  const centred = (c: number, a: number) => {
    let weight = 0;
    for (let b = 0; b < free; b++) weight += contrast(a, b) * theta[b * k + c]!;
    return weight;
  };
  const error = (c: number, a: number) => {
    let variance = 0;
    for (let b = 0; b < free; b++) {
      for (let d = 0; d < free; d++) variance += contrast(a, b) * contrast(a, d) * inverse[(b * k + c) * size + d * k + c]!;
    }
    return Math.sqrt(variance);
  };
  const placed = (make: (c: number, a: number) => number) =>
    bins.map((levels, j) =>
      Float64Array.from({ length: levels.length * classes }, (_, e) => make(1 + starts[j]! + Math.floor(e / classes), e % classes)),
    );
  return {
    ...{ names, bins, classes, logLikelihood: data, nullLogLikelihood, ridge, iterations, n },
    intercepts: Float64Array.from({ length: classes }, (_, a) => centred(0, a)),
    weights: placed(centred),
    standardErrors: placed(error),
  };
}

/** Chances of the classes for each row: rows × classes, row-major. The features must be in the model's bins (`codedLike`). */
export function multinomialChances(
  model: Pick<Multinomial, 'bins' | 'classes' | 'intercepts' | 'weights'>,
  { codes }: Pick<Coded, 'codes'>,
): Float64Array {
  const { classes, intercepts, weights } = model;
  const n = codes[0]?.length ?? 0;
  const chances = new Float64Array(n * classes);
  for (let i = 0; i < n; i++) {
    const at = i * classes;
    for (let a = 0; a < classes; a++) {
      let t = intercepts[a]!;
      for (let j = 0; j < codes.length; j++) if (codes[j]![i]! >= 0) t += weights[j]![codes[j]![i]! * classes + a]!;
      chances[at + a] = t;
    }
    let highest = chances[at]!;
    for (let a = 1; a < classes; a++) highest = Math.max(highest, chances[at + a]!);
    let total = 0;
    for (let a = 0; a < classes; a++) total += chances[at + a] = Math.exp(chances[at + a]! - highest);
    for (let a = 0; a < classes; a++) chances[at + a]! /= total;
  }
  return chances;
}

/** Where the bins of each feature begin among all, and at the end their number. */
function checkCodes(names: readonly string[], bins: Coded['bins'], codes: Coded['codes'], n: number): Int32Array {
  const starts = new Int32Array(names.length + 1);
  names.forEach((name, j) => {
    const levels = bins[j]!.length;
    starts[j + 1] = starts[j]! + levels;
    const column = codes[j]!;
    if (column.length !== n) throw new RangeError(`${name}: expected ${n} codes, found ${column.length}`);
    for (let i = 0; i < n; i++) {
      if (column[i]! < -1 || column[i]! >= levels)
        throw new RangeError(`${name}[${i}]: expected a bin from −1 to ${levels - 1}, found ${column[i]}`);
    }
  });
  return starts;
}
