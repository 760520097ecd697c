import { sum } from '../mean.ts';
import type { Random } from '../random.ts';
import { columnsOf, type Factor, factors, type Smoothing, type State, solveUpper } from './innovations.ts';
import { cycleOf, type Fitted, floorOf, type Method, type Period } from './method.ts';
import { type Scale, scales } from './scale.ts';

type Trend = 'none' | 'linear' | 'damped';

/** How a season is modelled: by so many harmonics of fixed shape, or by a state for each point of the period, which may change. */
type Season = { harmonics: number } | { states: number };

interface Shape {
  scale: Scale;
  trend: Trend;
  season: Season;
}

/** A shape with smoothing weights and the likelihood that the best initial states give it. */
interface Point {
  shape: Shape;
  smoothing: Smoothing;
  /** Linear parameters. */
  p: number;
  logLikelihood: number;
  /** Likelihood with initial states and variance integrated out, up to a constant that all points of the shape share. */
  logMarginal: number;
}

/** A point with its share of what is believed, ready to be simulated. */
interface Component extends Point {
  weight: number;
  factor: Factor;
  ownState: State;
  states: State[];
  /** Taken off the values on their scale. */
  centre: number;
  df: number;
}

const levels = [0, 0.03, 0.08, 0.15, 0.25, 0.4, 0.6, 0.8, 1];
const slopes = [0, 0.03, 0.1, 0.3];
const dampings = [0.8, 0.9, 0.95, 0.98];
const seasons = [0, 0.1, 0.35];
const harmonicsTried = [0, 1, 2, 3, 4, 6, 9, 12];
/** Longest period with a state for each of its points. */
const longestStates = 24;
/** Shares of belief too small to simulate. */
const negligible = 1e-3;
/** Log-likelihood below the best of its shape from which smoothing weights aren't worth a look. */
const hopeless = 12;
const smoothed: Record<Trend, number> = { none: 1, linear: 2, damped: 3 };

function* smoothings(trend: Trend, hasStates: boolean): Generator<Smoothing> {
  for (const level of levels) {
    for (const share of trend === 'none' ? [0] : slopes) {
      if (level === 0 && (share > 0 || trend === 'damped')) continue;
      if (trend === 'damped' && share === 0) continue;
      for (const damping of trend === 'damped' ? dampings : [1]) {
        for (const season of hasStates ? seasons : [0]) {
          if (season > 0 && level === 1) continue;
          yield { level, slope: share * level, damping, season: season * (1 - level) };
        }
      }
    }
  }
}

/**
 * Exponential smoothing as innovations state space models: no, linear or damped trend; no season, one of harmonics or one of states;
 * each on the values, their square roots and their logarithms (on which error, trend and season multiply). For given smoothing
 * weights the initial states and harmonics follow by least squares, and the likelihood is concentrated (Hyndman, Koehler, Ord & Snyder
 * 2008, ch. 5; harmonics as in De Livera, Hyndman & Snyder 2011). No single fit is taken for the truth: futures are drawn from the
 * shapes by their Akaike weights (AICc; Burnham & Anderson 2002, 2.9), from a grid of smoothing weights by diffuse likelihood, and from
 * the normal and scaled inverse chi-square distributions of states, harmonics and variance.
 * @param period null for models without a season.
 */
export function ets(period: Period | null, name: string): Method {
  return {
    name,
    fit: (values, ends) => pointsAt(values, ends, period).map((points, i) => average(values.subarray(0, ends[i]), points, period)),
  };
}

/** The best fit by AICc, its parameters and likelihood: what a textbook's automatic exponential smoothing would give. */
export interface EtsFit {
  words: string;
  smoothing: Smoothing;
  logLikelihood: number;
  aicc: number;
  /** Share of the Akaike weights that its shape has. */
  weight: number;
}

/** Shapes by AICc, best first, each with its best smoothing weights on the grid. Empty for a series that is too short. */
export function etsFits(values: Float64Array, period: Period | null): EtsFit[] {
  const [points] = pointsAt(values, [values.length], period);
  const known = values.reduce((n, value) => (Number.isNaN(value) ? n : n + 1), 0);
  return byShape(points!, known).map(({ best, aicc, weight }) => {
    const { shape, smoothing, logLikelihood } = best;
    return { words: wordsOf(shape), smoothing, logLikelihood, aicc, weight };
  });
}

function pointsAt(values: Float64Array, ends: readonly number[], period: Period | null): Point[][] {
  const found = ends.map((): Point[] => []);
  const [first, last] = [ends[0] ?? 0, ends.at(-1) ?? 0];
  for (const scale of scales) {
    const admitted = ends.map((end) => scale.admits(values.subarray(0, end)));
    if (!admitted[0]) continue;
    const { y } = scaled(values.subarray(0, last), scale, first);
    const jacobian = jacobians(values, scale, ends);
    const most = new Map<Shape, Float64Array>();
    const keep = (shape: Shape, smoothing: Smoothing, at: readonly Factor[], p: number) => {
      const best = most.get(shape) ?? new Float64Array(ends.length).fill(Number.NEGATIVE_INFINITY);
      most.set(shape, best);
      for (let i = 0; i < at.length; i++) {
        if (!admitted[i]) continue;
        const logLikelihood = concentrated(at[i]!, p) + jacobian[i]!;
        if (!(logLikelihood > best[i]! - hopeless)) continue;
        best[i] = Math.max(best[i]!, logLikelihood);
        found[i]!.push({ shape, smoothing, p, logLikelihood, logMarginal: marginal(at[i]!, p) });
      }
    };
    const waves = period === null ? [] : harmonics(period, 0, last);
    for (const trend of ['none', 'linear', 'damped'] as const) {
      const hasSlope = trend !== 'none';
      const starts = hasSlope ? 2 : 1;
      const shapes = harmonicsTried
        .filter((k) => 2 * k <= waves.length)
        .map((k): [Shape, number] => [{ scale, trend, season: { harmonics: k } }, starts + 2 * k]);
      for (const smoothing of smoothings(trend, false)) {
        const at = factors(columnsOf(y, { hasSlope, period: 0, regressors: waves }, smoothing), ends);
        for (const [shape, p] of shapes) keep(shape, smoothing, at, p);
      }
      if (period === null || period > longestStates) continue;
      const shape: Shape = { scale, trend, season: { states: period } };
      for (const smoothing of smoothings(trend, true)) {
        keep(shape, smoothing, factors(columnsOf(y, { hasSlope, period, regressors: [] }, smoothing), ends), starts + period - 1);
      }
    }
  }
  return found;
}

/** Values on their scale, less the mean of the first of them, which a later value can't change. */
function scaled(values: Float64Array, scale: Scale, first: number): { y: Float64Array; centre: number } {
  const y = values.map((value) => (Number.isNaN(value) ? value : scale.forth(value)));
  const known = y.subarray(0, first).filter((value) => !Number.isNaN(value));
  const centre = known.length > 0 ? sum(known) / known.length : 0;
  return { y: y.map((value) => value - centre), centre };
}

function jacobians(values: Float64Array, scale: Scale, ends: readonly number[]): number[] {
  let total = 0;
  let t = 0;
  return ends.map((end) => {
    for (; t < end; t++) if (!Number.isNaN(values[t]!)) total += scale.logSlope(values[t]!);
    return total;
  });
}

/** Log-likelihood at the best p linear parameters and variance; −Infinity where they can't be told apart or leave nothing over. */
function concentrated({ rest, rank, n }: Factor, p: number): number {
  if (p > rank || n - p < 2) return Number.NEGATIVE_INFINITY;
  return (-n / 2) * (Math.log((2 * Math.PI * left(rest, p)) / n) + 1);
}

/** Diffuse likelihood (de Jong 1991): unlike the concentrated one it doesn't pile up at a level that never moves. */
const marginal = ({ rest, halfLogDet, n }: Factor, p: number) => (-(n - p) / 2) * Math.log(left(rest, p)) - halfLogDet[p]!;

/** Sum of squares left by p columns; a perfect fit is held to be one up to rounding. */
const left = (rest: Float64Array, p: number) => Math.max(rest[p]!, 1e-18 * rest[0]! + 1e-24);

/** Cosines and sines of the harmonics, lowest first, for times from `from` up to `to`. */
function harmonics(period: Period, from: number, to: number): Float64Array[] {
  const most = Math.ceil(period / 2) - 1;
  const count = Math.max(...harmonicsTried.filter((k) => k <= most));
  return Array.from({ length: 2 * count }, (_, i) => {
    const rate = (2 * Math.PI * (1 + (i >> 1))) / cycleOf(period);
    const wave = i % 2 === 0 ? Math.cos : Math.sin;
    return Float64Array.from({ length: to - from }, (_, t) => wave(rate * (from + t)));
  });
}

interface Ranked {
  best: Point;
  points: Point[];
  aicc: number;
  weight: number;
}

function byShape(points: readonly Point[], n: number): Ranked[] {
  const ranked: Ranked[] = [];
  for (const group of Map.groupBy(points, ({ shape }) => shape).values()) {
    const best = group.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
    const { trend, season } = best.shape;
    const k = best.p + smoothed[trend] + ('states' in season ? 1 : 0) + 1;
    if (n - k - 1 <= 0) continue;
    ranked.push({ best, points: group, aicc: -2 * best.logLikelihood + 2 * k + (2 * k * (k + 1)) / (n - k - 1), weight: 0 });
  }
  ranked.sort((a, b) => a.aicc - b.aicc);
  for (const one of ranked) one.weight = Math.exp((ranked[0]!.aicc - one.aicc) / 2);
  const total = sum(ranked.map(({ weight }) => weight));
  for (const one of ranked) one.weight /= total;
  return ranked;
}

function average(values: Float64Array, points: readonly Point[], period: Period | null): Fitted | null {
  const n = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  const ranked = byShape(points, n);
  if (ranked.length === 0) return null;
  const components: Component[] = [];
  for (const { points: group, weight } of ranked) {
    if (weight < negligible) continue;
    const top = Math.max(...group.map(({ logMarginal }) => logMarginal));
    const shares = group.map(({ logMarginal }) => Math.exp(logMarginal - top));
    const total = sum(shares);
    group.forEach((point, i) => {
      const share = (weight * shares[i]!) / total;
      if (share >= negligible) components.push(component(values, point, share, n, period));
    });
  }
  return {
    words: wordsOf(ranked[0]!.best.shape),
    simulate: (horizon, paths, random) => simulate(values, components, period, horizon, paths, random),
  };
}

function component(values: Float64Array, point: Point, weight: number, n: number, period: Period | null): Component {
  const { scale, trend, season } = point.shape;
  const { y, centre } = scaled(values, scale, values.length);
  const isStates = 'states' in season;
  const regressors = isStates || period === null ? [] : harmonics(period, 0, values.length).slice(0, 2 * season.harmonics);
  const basis = { hasSlope: trend !== 'none', period: isStates ? season.states : 0, regressors };
  const columns = columnsOf(y, basis, point.smoothing);
  const [factor] = factors(columns, [values.length]);
  const df = Math.max(1, n - point.p - smoothed[trend]);
  return { ...point, weight, factor: factor!, ownState: columns.ownState, states: columns.states, centre, df };
}

/** Futures by component in proportion to weight, each with parameters of its own. */
function simulate(
  values: Float64Array,
  components: readonly Component[],
  period: Period | null,
  horizon: number,
  paths: number,
  random: Random,
) {
  const out = new Float64Array(paths * horizon);
  const floor = floorOf(values);
  const total = sum(components.map(({ weight }) => weight));
  const start = random.uniform();
  let path = 0;
  let upTo = 0;
  for (const one of components) {
    upTo += one.weight / total;
    const until = one === components.at(-1) ? paths : Math.min(paths, Math.ceil(upTo * paths - start));
    const future = path < until ? futures(one, values.length, period, horizon, random) : null;
    for (; path < until; path++) {
      const values = out.subarray(path * horizon, (path + 1) * horizon);
      future!(values);
      for (let h = 0; h < horizon; h++) values[h] = Math.max(floor, one.shape.scale.back(values[h]!));
    }
  }
  return out;
}

/** Writes one future on the model's scale. */
function futures(one: Component, n: number, period: Period | null, horizon: number, random: Random): (out: Float64Array) => void {
  const { factor, p, ownState, states, centre, df, smoothing } = one;
  const m = ownState.season.length;
  const solved = Float64Array.from({ length: p }, (_, j) => factor.lower[p0(factor) + j]!);
  const fitted = solveUpper(factor, solved, p);
  const rest = left(factor.rest, p);
  const waves = period === null || m > 0 ? [] : harmonics(period, n, n + horizon);
  const firstWave = p - (states.length > 0 ? waveCount(one) : 0);
  const z = new Float64Array(p);
  const season = new Float64Array(m);
  return (out) => {
    const sd = Math.sqrt(rest / (2 * random.gamma(df / 2)));
    for (let j = 0; j < p; j++) z[j] = random.normal();
    const moved = solveUpper(factor, z, p);
    let { level, slope } = ownState;
    season.set(ownState.season);
    for (let j = 0; j < p; j++) {
      const theta = fitted[j]! + sd * moved[j]!;
      const state = states[j]!;
      level += theta * state.level;
      slope += theta * state.slope;
      for (let i = 0; i < m; i++) season[i]! += theta * state.season[i]!;
      moved[j] = theta;
    }
    for (let h = 0; h < horizon; h++) {
      const e = sd * random.normal();
      const drift = smoothing.damping * slope;
      const at = m > 0 ? (n + h) % m : 0;
      let value = centre + level + drift + e + (m > 0 ? season[at]! : 0);
      for (let j = firstWave; j < p; j++) value += moved[j]! * waves[j - firstWave]![h]!;
      out[h] = value;
      level += drift + smoothing.level * e;
      slope = drift + smoothing.slope * e;
      if (m > 0) season[at]! += smoothing.season * e;
    }
  };
}

const p0 = ({ size }: Factor) => (size - 1) * size;

const waveCount = ({ shape }: Component) => ('harmonics' in shape.season ? 2 * shape.season.harmonics : 0);

const trendWords: Record<Trend, string> = { none: 'level', linear: 'level and trend', damped: 'level and damped trend' };

function wordsOf({ scale, trend, season }: Shape): string {
  const shape = 'states' in season ? ', season' : season.harmonics > 0 ? `, season of ${season.harmonics} harmonics` : '';
  return `exponential smoothing of ${trendWords[trend]}${shape}, on ${scale.name}`;
}
