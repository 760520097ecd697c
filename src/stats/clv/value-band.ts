import { betaParts } from '../beta.ts';
import type { Compressed } from './compress.ts';
import type { Estimates } from './fit.ts';
import type { GammaGamma } from './gamma-gamma.ts';
import { parameterPoints } from './interval.ts';
import { type Duration, inUnit, type TimeUnit } from './unit.ts';
import type { PurchaseModel } from './value.ts';

export interface BandRequest<U extends TimeUnit, P extends Record<Name, number>, Name extends string> {
  model: PurchaseModel<U, P>;
  /** The fit the model's parameters come from; without it they are taken as known. */
  fitted?: Estimates<Name>;
  spend: GammaGamma;
  /** The fit the spend's parameters come from; without it they are taken as known. */
  spendFitted?: Estimates<keyof GammaGamma>;
  /** A usual mean value: the customer for whom the spread of v is carried over to the scale v + xm. */
  usual: number;
  horizon: Duration<NoInfer<U>>;
  /** Share of outcomes inside, 0.95 unless given. */
  level?: number;
}

export interface ValueBands {
  /** Times v + x·m: what a customer of the row with mean value m will at least, and at most, spend within the horizon. */
  low: Float64Array;
  high: Float64Array;
  /** False: the intervals leave out that the parameters of purchases, or of spend, are estimates. */
  hasParameterUncertainty: boolean;
}

/** Of ln s, s a value over the scale and the usual value of one purchase. */
const grid = { low: -9, high: 12, step: 0.04 } as const;
const points = Math.round((grid.high - grid.low) / grid.step) + 1;
/** Counts of a smaller chance don't move a quantile that is printed. */
const rare = 1e-7;

/**
 * Intervals of the value of all purchases within a horizon, undiscounted, in closed form for unique rows. Given n purchases, and x
 * before of mean value m, their value is (v + xm)·BetaPrime(pn, q + px) (Fader & Hardie 2013, the posterior of ν mixed out), so its
 * quantiles over v + xm depend on the history alone. n is mixed over its exact distribution, and both over the parameters' points.
 * The interval is [0, Q(level)] where nothing at all is likely enough, otherwise equal-tailed.
 * @throws RangeError for a horizon in another unit than the model's, or a level outside (0, 1).
 */
export function valueBands<U extends TimeUnit, P extends Record<Name, number>, Name extends string>(
  request: BandRequest<U, P, Name>,
  rows: Compressed,
): ValueBands {
  const { model, spend, usual } = request;
  const { law, parameters } = model;
  const level = request.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number between 0 and 1, found ${level}`);
  const tail = (1 - level) / 2;
  const t = inUnit('horizon', request.horizon, model.unit);
  const purchases = request.fitted ? parameterPoints(request.fitted) : null;
  const worth = request.spendFitted ? parameterPoints(request.spendFitted) : null;
  const laws = purchases ? purchases.draws.map((draw) => ({ ...parameters, ...draw })) : [parameters];
  const spends = worth ? worth.draws : [spend];
  const n = rows.x.length;
  const bands: ValueBands = {
    low: new Float64Array(n),
    high: new Float64Array(n),
    hasParameterUncertainty: (purchases?.hasUncertainty ?? false) && (worth?.hasUncertainty ?? false),
  };
  const counts: number[] = [];
  const mixed: number[] = [];
  for (let f = 0; f < rows.frequencies.length; f++) {
    const x = rows.frequencies[f]!;
    const value = valueOfCounts(spends, spend, usual, x);
    for (let i = rows.offsets[f]!; i < rows.offsets[f + 1]!; i++) {
      let length = 0;
      for (const one of laws) {
        const written = law.counts(one, x, rows.tx[i]!, rows.T[i]!, t, counts);
        for (; length < written; length++) mixed[length] = 0;
        for (let k = 0; k < written; k++) mixed[k]! += counts[k]! / laws.length;
      }
      while (length > 1 && mixed[length - 1]! < rare) length--;
      const none = mixed[0]!;
      const isOneSided = none >= tail;
      bands.low[i] = isOneSided ? 0 : value.quantile(mixed, length, tail);
      bands.high[i] = none >= level ? 0 : value.quantile(mixed, length, isOneSided ? level : 1 - tail);
    }
  }
  return bands;
}

/** Distribution of the value of n purchases of customers with x before, its values worked out on a grid as they are asked for. */
function valueOfCounts(spends: readonly GammaGamma[], { p, q, v }: GammaGamma, usual: number, x: number) {
  // The usual value of one purchase over the scale, as the middle of the grid.
  const unit = p / Math.max(q + p * x - 1, 0.2 * (q + p * x));
  const known: Float64Array[] = [];
  const ways = spends.map((one) => ({ p: one.p, rest: one.q + one.p * x, by: (v + x * usual) / (one.v + x * usual) }));
  const below = (count: number, j: number): number => {
    known[count] ??= new Float64Array(points).fill(-1);
    const table = known[count];
    if (table[j]! >= 0) return table[j]!;
    const s = unit * Math.exp(grid.low + grid.step * j);
    let sum = 0;
    for (const way of ways) {
      const at = s * way.by;
      sum += betaParts(at / (1 + at), way.p * count, way.rest, 1 / (1 + at)).lower;
    }
    table[j] = sum / ways.length;
    return table[j]!;
  };
  const chance = (weights: readonly number[], length: number, j: number): number => {
    let sum = weights[0]!;
    for (let count = 1; count < length; count++) if (weights[count]! > rare) sum += weights[count]! * below(count, j);
    return sum;
  };
  return {
    /** The value over the scale that a share of `goal` of customers stays below. */
    quantile(weights: readonly number[], length: number, goal: number): number {
      let low = 0;
      let high = points - 1;
      let atLow = chance(weights, length, low);
      let atHigh = chance(weights, length, high);
      if (atLow >= goal) return unit * Math.exp(grid.low);
      if (atHigh <= goal) return unit * Math.exp(grid.high);
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        const at = chance(weights, length, middle);
        if (at < goal) [low, atLow] = [middle, at];
        else [high, atHigh] = [middle, at];
      }
      const part = atHigh > atLow ? (goal - atLow) / (atHigh - atLow) : 0;
      return unit * Math.exp(grid.low + grid.step * (low + part));
    },
  };
}
