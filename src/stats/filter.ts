/** One-step-ahead forecast: Student's t about `mean` with `scale` and `df`. */
export interface Forecast {
  mean: number;
  scale: number;
  df: number;
}

/** Dynamic linear models of one series that differ in how fast the level moves and how rich the season is. */
export interface Bank {
  /** Weighted forecast of the next point by the models allowed; null before three known points. */
  forecast(isSeasonal: boolean): (Forecast & { logEvidence: number; seasonShare: number }) | null;
  /** Takes the next point; null moves time on. */
  learn(value: number | null): void;
}

interface Model {
  /** Variance of the level's step, relative to that of the observation. */
  step: number;
  pairs: number;
  /** Level, slope, then a cosine and a sine a harmonic. */
  state: Float64Array;
  covariance: Float64Array;
  /** What is observed of the state at this time; shared by all models, of which each takes its first entries. */
  row: Float64Array;
  gain: Float64Array;
  mean: number;
  spread: number;
  squares: number;
  weight: number;
  logEvidence: number;
  surprised: number;
}

const steps = [0, 0.003, 0.03, 0.1, 0.4, 2, 50];
/** Weight of the past in the variance and in the choice of models, per point. */
export const memory = { variance: 0.985, evidence: 0.99 };
const slopePrior = 0.01;
const seasonPrior = 4;
const surprise = 4;

/**
 * Local level with a slope and fixed harmonics, unknown variance (West & Harrison 1997, ch. 4 and 10: normal-gamma updating with
 * variance discounting), one model for each level step and number of harmonics, weighted by their discounted predictive
 * densities. A first surprise beyond four scales is taken in only as far as that, so that one spike doesn't move the level; a
 * second on the same side counts in full.
 * @param period points in a cycle; need not be whole.
 * @param harmonics numbers of harmonics to try; 0 for none.
 */
export function bank(period: number, harmonics: readonly number[]): Bank {
  const row = new Float64Array(2 + 2 * Math.max(...harmonics));
  const models = harmonics.flatMap((pairs) => steps.map((step) => model(step, pairs, row)));
  let time = 0;
  let known = 0;
  let first = 0;
  row[0] = 1;

  const predict = () => {
    for (let k = 1; 2 * k < row.length; k++) {
      const angle = (2 * Math.PI * k * time) / period;
      row[2 * k] = Math.cos(angle);
      row[2 * k + 1] = Math.sin(angle);
    }
    for (const m of models) project(m);
  };
  const scaleOf = (m: Model) => Math.sqrt(Math.max(m.squares / m.weight, smallest(first)) * m.spread);
  predict();

  return {
    forecast(isSeasonal) {
      if (known < 3) return null;
      const allowed = models.filter((m) => isSeasonal || m.pairs === 0);
      const best = Math.max(...allowed.map((m) => m.logEvidence));
      let [total, mean, df, season] = [0, 0, 0, 0];
      for (const m of allowed) {
        const share = Math.exp(m.logEvidence - best);
        total += share;
        mean += share * m.mean;
        df += share * m.weight;
        if (m.pairs > 0) season += share;
      }
      mean /= total;
      let variance = 0;
      for (const m of allowed) variance += (Math.exp(m.logEvidence - best) / total) * (scaleOf(m) ** 2 + (m.mean - mean) ** 2);
      const logEvidence = best + Math.log(total / allowed.length);
      return { mean, scale: Math.sqrt(variance), df: df / total, logEvidence, seasonShare: season / total };
    },
    learn(value) {
      if (value !== null && known === 0) {
        first = value;
        for (const m of models) m.state[0] = value;
        known = 1;
      } else if (value !== null) {
        known++;
        for (const m of models) update(m, value, known > 3 ? scaleOf(m) : null, known > 8);
      }
      time++;
      for (const m of models) advance(m, known > 0);
      predict();
    },
  };
}

const smallest = (first: number) => (1e-9 * Math.abs(first) + 1e-12) ** 2;

function model(step: number, pairs: number, row: Float64Array): Model {
  const size = 2 + 2 * pairs;
  const covariance = new Float64Array(size * size);
  covariance[0] = 1 + pairs * seasonPrior;
  covariance[size + 1] = slopePrior * (1 + step);
  for (let i = 2; i < size; i++) covariance[i * size + i] = seasonPrior;
  const vector = () => new Float64Array(size);
  const start = { mean: 0, spread: 1, squares: 0, weight: 0, logEvidence: 0, surprised: 0 };
  return { step, pairs, state: vector(), covariance, row, gain: vector(), ...start };
}

/** Forecast mean and spread, and the gain, from the state before the point. */
function project(m: Model): void {
  const { row, state, covariance, gain } = m;
  const size = state.length;
  let [mean, spread] = [0, 1];
  for (let i = 0; i < size; i++) {
    let g = 0;
    for (let j = 0; j < size; j++) g += covariance[i * size + j]! * row[j]!;
    gain[i] = g;
    mean += row[i]! * state[i]!;
    spread += row[i]! * g;
  }
  m.mean = mean;
  m.spread = spread;
}

function update(m: Model, value: number, scale: number | null, clips: boolean): void {
  const { state, covariance, gain } = m;
  const size = state.length;
  let error = value - m.mean;
  if (scale !== null) {
    const df = m.weight;
    const z = error / scale;
    m.logEvidence = memory.evidence * m.logEvidence - Math.log(scale) - ((df + 1) / 2) * Math.log1p((z * z) / df);
    const side = Math.abs(z) > surprise ? Math.sign(z) : 0;
    if (clips && side !== 0 && side !== m.surprised) error = side * surprise * scale;
    m.surprised = side;
  }
  for (let i = 0; i < size; i++) {
    const g = gain[i]! / m.spread;
    state[i]! += g * error;
    for (let j = 0; j < size; j++) covariance[i * size + j]! -= g * gain[j]!;
  }
  m.squares = memory.variance * m.squares + (error * error) / m.spread;
  m.weight = memory.variance * m.weight + 1;
}

/** One step of time: the level moves by the slope, and its uncertainty grows. */
function advance(m: Model, hasStarted: boolean): void {
  if (!hasStarted) return;
  const size = m.state.length;
  const c = m.covariance;
  m.state[0]! += m.state[1]!;
  for (let j = 0; j < size; j++) c[j]! += c[size + j]!;
  for (let i = 0; i < size; i++) c[i * size]! += c[i * size + 1]!;
  c[0]! += m.step;
}
