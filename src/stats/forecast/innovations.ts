/** Weights of an innovation in the states. */
export interface Smoothing {
  /** Share of an innovation that stays in the level, α. */
  level: number;
  /** What of it goes into the slope, β. */
  slope: number;
  /** Factor of the slope from step to step, φ; 1 for an undamped trend. */
  damping: number;
  /** What of it goes into the season's state, γ. */
  season: number;
}

/** Level, slope and one state for each point of a period (empty without a season of states). */
export interface State {
  level: number;
  slope: number;
  /** The season of time t stands at t mod its length. */
  season: Float64Array;
}

/**
 * What the model's innovations depend on linearly: the initial states and the coefficients of regressors. For given smoothing the
 * innovations are `own` − Σ θⱼ `columns`ⱼ, so that θ follows by least squares.
 */
export interface Columns {
  /** Innovations of the series started from zero states; like those of `columns`, 0 where the value is missing. */
  own: Float64Array;
  /** The values, NaN where missing. */
  values: Float64Array;
  columns: Float64Array[];
  /** States after the last point: of the series from zero, and what a unit of each θⱼ adds. */
  ownState: State;
  states: State[];
}

/** The shape of a model: which initial states are free, and which regressors stand beside them. */
export interface Basis {
  hasSlope: boolean;
  /** Length of a season of states, or 0. */
  period: number;
  regressors: readonly Float64Array[];
}

/**
 * One pass of the innovations state space model with additive error (Hyndman, Koehler, Ord & Snyder 2008, eq. 2.12): writes the
 * innovations and returns the states after the last. A missing value (NaN in `mask`) has no innovation: states move on by themselves.
 * @param series values; null for a series of zeros.
 */
function pass(series: Float64Array | null, mask: Float64Array, start: State, s: Smoothing, out: Float64Array): State {
  let { level, slope } = start;
  const season = Float64Array.from(start.season);
  const m = season.length;
  let at = 0;
  for (let t = 0; t < mask.length; t++) {
    const drift = s.damping * slope;
    const before = level + drift;
    if (Number.isNaN(mask[t]!)) {
      out[t] = 0;
      level = before;
      slope = drift;
    } else {
      const e = (series === null ? 0 : series[t]!) - before - (m > 0 ? season[at]! : 0);
      out[t] = e;
      level = before + s.level * e;
      slope = drift + s.slope * e;
      if (m > 0) season[at]! += s.season * e;
    }
    if (++at >= m) at = 0;
  }
  return { level, slope, season };
}

const negative = (values: Float64Array) => {
  for (let i = 0; i < values.length; i++) values[i] = -values[i]!;
  return values;
};

/**
 * Innovations of a series and what they owe to each initial state and regressor, in this order: level, slope (if any), all but the
 * last state of the season (which is minus their sum), regressors. Rosenberg's likelihood: initial states are fixed and unknown.
 * @param y values, NaN where missing.
 */
export function columnsOf(y: Float64Array, basis: Basis, smoothing: Smoothing): Columns {
  const n = y.length;
  const m = basis.period;
  const zero = (): State => ({ level: 0, slope: 0, season: new Float64Array(m) });
  const starts: State[] = [{ ...zero(), level: 1 }];
  if (basis.hasSlope) starts.push({ ...zero(), slope: 1 });
  for (let j = 0; j < m - 1; j++) {
    const start = zero();
    start.season[j] = 1;
    start.season[m - 1] = -1;
    starts.push(start);
  }
  const own = new Float64Array(n);
  const ownState = pass(y, y, zero(), smoothing, own);
  const columns: Float64Array[] = [];
  const states: State[] = [];
  for (const start of starts) {
    const column = new Float64Array(n);
    states.push(pass(null, y, start, smoothing, column));
    columns.push(negative(column));
  }
  for (const regressor of basis.regressors) {
    const column = new Float64Array(n);
    const { level, slope, season } = pass(regressor, y, zero(), smoothing, column);
    states.push({ level: -level, slope: -slope, season: negative(season) });
    columns.push(column);
  }
  return { own, values: y, columns, ownState, states };
}

/** Lower factor of the normal equations of `columns`, bordered by `own`: the last row holds the solved right side and the rest. */
export interface Factor {
  /** (p + 1) × (p + 1) row-major; rows and columns up to the rank that was found. */
  lower: Float64Array;
  size: number;
  /** Columns, in order, before one that depends on those before it. */
  rank: number;
  /** Sum of squares left by the first j columns, for j = 0 … rank. */
  rest: Float64Array;
  /** Half the logarithm of the determinant of the normal equations of the first j columns. */
  halfLogDet: Float64Array;
  /** Known values. */
  n: number;
}

/**
 * Least squares of `own` on the first 1, 2, … p columns at once, up to each of `ends`: the normal equations grow with time, and the
 * fits by fewer columns are leading blocks of the factor.
 * @param ends ascending numbers of points.
 */
export function factors({ own, values, columns }: Pick<Columns, 'own' | 'values' | 'columns'>, ends: readonly number[]): Factor[] {
  const p = columns.length;
  const size = p + 1;
  const all = [...columns, own];
  const gram = new Float64Array(size * size);
  const found: Factor[] = [];
  let [t, n] = [0, 0];
  for (const end of ends) {
    const from = t;
    for (let i = 0; i < size; i++) {
      const a = all[i]!;
      for (let j = 0; j <= i; j++) {
        const b = all[j]!;
        let total = 0;
        for (let k = from; k < end; k++) total += a[k]! * b[k]!;
        gram[i * size + j]! += total;
      }
    }
    for (; t < end; t++) if (!Number.isNaN(values[t]!)) n++;
    found.push(factorOf(gram, size, n));
  }
  return found;
}

const dependent = 1e-10;

function factorOf(gram: Float64Array, size: number, n: number): Factor {
  const p = size - 1;
  const lower = Float64Array.from(gram);
  let rank = p;
  for (let j = 0; j < p; j++) {
    let pivot = gram[j * size + j]!;
    for (let k = 0; k < j; k++) pivot -= lower[j * size + k]! ** 2;
    if (!(pivot > dependent * gram[j * size + j]!)) {
      rank = j;
      break;
    }
    const root = Math.sqrt(pivot);
    lower[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let total = gram[i * size + j]!;
      for (let k = 0; k < j; k++) total -= lower[i * size + k]! * lower[j * size + k]!;
      lower[i * size + j] = total / root;
    }
  }
  const rest = new Float64Array(rank + 1);
  rest[0] = gram[p * size + p]!;
  for (let j = 0; j < rank; j++) rest[j + 1] = Math.max(0, rest[j]! - lower[p * size + j]! ** 2);
  const halfLogDet = new Float64Array(rank + 1);
  for (let j = 0; j < rank; j++) halfLogDet[j + 1] = halfLogDet[j]! + Math.log(lower[j * size + j]!);
  return { lower, size, rank, rest, halfLogDet, n };
}

/** Solves Lᵀ x = b for the first `p` rows of a factor. */
export function solveUpper({ lower, size }: Pick<Factor, 'lower' | 'size'>, b: Float64Array, p: number): Float64Array {
  const x = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let total = b[i]!;
    for (let j = i + 1; j < p; j++) total -= lower[j * size + i]! * x[j]!;
    x[i] = total / lower[i * size + i]!;
  }
  return x;
}
