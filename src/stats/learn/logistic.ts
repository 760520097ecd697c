import { cholesky, solveCholesky } from '../clv/matrix.ts';
import { checkAllClasses, checkFeatures, checkRidge, checkWeights, type Features } from './features.ts';

export interface LogisticOptions {
  /** λ of the penalty λ/2 · Σ β² on the coefficients, in the units of the columns, the intercept left out (scikit-learn's 1/C). */
  ridge?: number;
  /** Observations a row stands for; 1 each when left out. */
  weight?: ArrayLike<number>;
}

export interface Logistic {
  names: readonly string[];
  intercept: number;
  coefficients: Float64Array;
  /** Of the intercept and the coefficients, from the inverse of the (penalised) Hessian; with a ridge they are too small as errors of the truth. */
  standardErrors: Float64Array;
  /** Of intercept and coefficients, k × k row-major. */
  covariance: Float64Array;
  /** Of the data alone, without the penalty. */
  logLikelihood: number;
  /** Of the model of a single rate. */
  nullLogLikelihood: number;
  ridge: number;
  iterations: number;
  /** The fit tells the classes apart without a mistake: without the ridge the coefficients would have run to infinity. */
  isSeparated: boolean;
  n: number;
}

const most = 60;
/** Standardised coefficients beyond which an unpenalised fit is running away: odds of e²⁰ a standard deviation. */
const runaway = 20;
/** Times as wide as in the model of a single rate: a standard error like this belongs to a coefficient on its way to infinity. */
const flattened = 300;

const softplus = (t: number) => (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)));

/**
 * Logistic regression of a class 0 or 1 by Newton's method (iteratively reweighted least squares: McCullagh & Nelder 1989, 4.4) with
 * halved steps where one doesn't lead upwards.
 * @param features columns without missing values; an intercept is added.
 * @throws RangeError that names the column or argument: values that aren't finite, one class only, and without a ridge a column that is
 * constant, columns that are collinear, classes that the columns separate (there is no maximum then).
 */
export function logistic(features: Features, y: ArrayLike<number>, { ridge = 0, weight }: LogisticOptions = {}): Logistic {
  const n = checkFeatures(features);
  checkAllClasses(y, n);
  checkWeights(weight, n);
  checkRidge(ridge);
  const { names, columns } = features;
  const p = columns.length;
  const k = p + 1;
  const { rows, centre, scale } = standardised(features, n, ridge);
  const beta = new Float64Array(k);
  let [total, ones] = [0, 0];
  for (let i = 0; i < n; i++) {
    const w = weight ? weight[i]! : 1;
    total += w;
    ones += w * y[i]!;
  }
  beta[0] = Math.log(ones / (total - ones));
  const nullLogLikelihood = ones * Math.log(ones / total) + (total - ones) * Math.log1p(-ones / total);
  const penalty = scale.map((s) => ridge / (s * s));
  const eta = new Float64Array(n);
  const gradient = new Float64Array(k);
  const hessian = new Float64Array(k * k);

  const evaluate = (at: Float64Array): { data: number; value: number } => {
    let data = 0;
    for (let i = 0; i < n; i++) {
      let t = at[0]!;
      for (let j = 0, c = i * p; j < p; j++, c++) t += at[j + 1]! * rows[c]!;
      eta[i] = t;
      data += (weight ? weight[i]! : 1) * (y[i] ? -softplus(-t) : -softplus(t));
    }
    let value = data;
    for (let j = 0; j < p; j++) value -= 0.5 * penalty[j]! * at[j + 1]! ** 2;
    return { data, value };
  };
  const differentiate = () => {
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < n; i++) {
      const w = weight ? weight[i]! : 1;
      const chance = 1 / (1 + Math.exp(-eta[i]!));
      const error = w * (y[i]! - chance);
      const v = w * chance * (1 - chance);
      gradient[0]! += error;
      hessian[0]! += v;
      const from = i * p;
      for (let j = 0; j < p; j++) {
        const x = rows[from + j]!;
        gradient[j + 1]! += error * x;
        const vx = v * x;
        const line = (j + 1) * k;
        hessian[line]! += vx;
        for (let l = 0; l <= j; l++) hessian[line + l + 1]! += vx * rows[from + l]!;
      }
    }
    for (let j = 0; j < p; j++) {
      gradient[j + 1]! -= penalty[j]! * beta[j + 1]!;
      hessian[(j + 1) * (k + 1)]! += penalty[j]!;
    }
    for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) hessian[j * k + i] = hessian[i * k + j]!;
  };

  let { data, value } = evaluate(beta);
  let iterations = 0;
  let atStart: Float64Array | null = null;
  for (; iterations < most; iterations++) {
    differentiate();
    const factor = factorOf(hessian, k);
    const step = factor && solveCholesky(factor, gradient);
    if (!step) throw flat(ridge, atStart !== null && ridge === 0);
    atStart ??= inverseOf(factor, k);
    let decrement = 0;
    for (let j = 0; j < k; j++) decrement += step[j]! * gradient[j]!;
    const before = Float64Array.from(beta);
    for (let t = 1, trial = 0; trial < 40; trial++, t /= 2) {
      for (let j = 0; j < k; j++) beta[j] = before[j]! + t * step[j]!;
      const next = evaluate(beta);
      if (next.value >= value - 1e-12 * Math.abs(value)) {
        ({ data, value } = next);
        break;
      }
    }
    // The last step is taken: Newton's squares what is left.
    if (decrement < 1e-9 * (1 + Math.abs(value))) break;
    if (ridge === 0 && (isSeparated(eta, y) || beta.some((b, j) => j > 0 && Math.abs(b) > runaway))) throw flat(ridge, true);
  }
  differentiate();
  const factor = factorOf(hessian, k);
  const inverse = factor && inverseOf(factor, k);
  const widened = (j: number) => Math.sqrt(inverse![j * (k + 1)]! / atStart![j * (k + 1)]!);
  if (!inverse || (ridge === 0 && beta.some((_, j) => j > 0 && widened(j) > flattened))) throw flat(ridge, ridge === 0);
  const covariance = unscaled(inverse, centre, scale, k);
  const coefficients = Float64Array.from({ length: p }, (_, j) => beta[j + 1]! / scale[j]!);
  let intercept = beta[0]!;
  for (let j = 0; j < p; j++) intercept -= coefficients[j]! * centre[j]!;
  return {
    ...{ names, intercept, coefficients, covariance, ridge, iterations, n, nullLogLikelihood, logLikelihood: data },
    standardErrors: Float64Array.from({ length: k }, (_, j) => Math.sqrt(covariance[j * (k + 1)]!)),
    isSeparated: isSeparated(eta, y),
  };
}

/** Chance of class 1 for each row. @throws RangeError as `checkFeatures`, and for columns of other names. */
export function logisticChances(
  { names, intercept, coefficients }: Pick<Logistic, 'names' | 'intercept' | 'coefficients'>,
  features: Features,
): Float64Array {
  const n = checkFeatures(features);
  if (features.names.join('\n') !== names.join('\n')) {
    throw new RangeError(`features: expected the columns ${names.join(', ')}, found ${features.names.join(', ')}`);
  }
  const eta = new Float64Array(n).fill(intercept);
  features.columns.forEach((column, j) => {
    const b = coefficients[j]!;
    for (let i = 0; i < n; i++) eta[i]! += b * column[i]!;
  });
  return eta.map((t) => 1 / (1 + Math.exp(-t)));
}

/** Columns less their mean over their standard deviation, row-major; a constant column becomes 0. */
function standardised(
  { names, columns }: Features,
  n: number,
  ridge: number,
): { rows: Float64Array; centre: Float64Array; scale: Float64Array } {
  const p = columns.length;
  const rows = new Float64Array(n * p);
  const centre = new Float64Array(p);
  const scale = new Float64Array(p);
  columns.forEach((column, j) => {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (column[i]! - mean) / (i + 1);
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (column[i]! - mean) ** 2;
    const sd = Math.sqrt(squares / n);
    const isConstant = !(sd > 1e-12 * Math.abs(mean)) || !Number.isFinite(1 / (sd * sd));
    if (isConstant && ridge === 0) throw new RangeError(`${names[j]}: a constant column has no coefficient; leave it out, or give a ridge`);
    centre[j] = mean;
    scale[j] = isConstant ? 1 : sd;
    for (let i = 0; i < n; i++) rows[i * p + j] = isConstant ? 0 : (column[i]! - mean) / sd;
  });
  return { rows, centre, scale };
}

function isSeparated(eta: Float64Array, y: ArrayLike<number>): boolean {
  let [least, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < eta.length; i++) {
    if (y[i]) least = Math.min(least, eta[i]!);
    else highest = Math.max(highest, eta[i]!);
  }
  return least > highest;
}

function flat(ridge: number, separated: boolean): RangeError {
  if (separated) return new RangeError('y: the columns separate the classes, so that there is no maximum; give a ridge');
  return new RangeError(
    `features: ${ridge > 0 ? 'the ridge is too small for columns that are' : 'the columns are'} collinear; leave one out, or give a ${ridge > 0 ? 'larger ' : ''}ridge`,
  );
}

/** Cholesky factor; null where the matrix is singular to rounding, judged against its own diagonal. */
function factorOf(matrix: Float64Array, k: number): Float64Array | null {
  const factor = cholesky(matrix, k);
  if (!factor) return null;
  for (let i = 0; i < k; i++) if (factor[i * (k + 1)]! ** 2 < 1e-11 * matrix[i * (k + 1)]!) return null;
  return factor;
}

/** Inverse of the matrix whose Cholesky factor is given. */
export function inverseOf(factor: Float64Array, k: number): Float64Array {
  const inverse = new Float64Array(k * k);
  const unit = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    unit.fill(0);
    unit[i] = 1;
    inverse.set(solveCholesky(factor, unit), i * k);
  }
  return inverse;
}

/** Covariance of (intercept, coefficients) in the units of the columns: A V Aᵀ with A the map back from standardised columns. */
function unscaled(v: Float64Array, centre: Float64Array, scale: Float64Array, k: number): Float64Array {
  const a = new Float64Array(k * k);
  a[0] = 1;
  for (let j = 1; j < k; j++) {
    a[j] = -centre[j - 1]! / scale[j - 1]!;
    a[j * (k + 1)] = 1 / scale[j - 1]!;
  }
  const av = new Float64Array(k * k);
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let e = 0; e < k; e++) {
      const x = a[i * k + e]!;
      if (x !== 0) for (let j = 0; j < k; j++) av[i * k + j]! += x * v[e * k + j]!;
    }
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let total = 0;
      for (let e = 0; e < k; e++) total += av[i * k + e]! * a[j * k + e]!;
      out[i * k + j] = total;
    }
  }
  return out;
}
