import { normalQuantile } from '#stats/distribution.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';
import { gammaQuantile } from '#stats/gamma.ts';
import { total } from '../shared/change.ts';

/** Sums over customers of moments of what they will bring, in multiples of the shop's usual purchase. */
export interface Moments {
  customers: number;
  /** Expected value × expected size of a purchase. */
  single: number;
  /** Expected value squared × E[N(N − 1)]/E[N]², N the purchases of the year. */
  pair: number;
  /** Expected value squared. */
  square: number;
}

/** Moments as the queries give them: means over so many customers. */
export interface MomentRow {
  customers: number;
  single_moment: number;
  pair_moment: number;
  square_moment: number;
}

/** How much purchases, customers and the level of all of them scatter. */
export interface Scatter {
  /** Money of a usual purchase. */
  usual: number;
  /** Squared coefficient of variation of the value of a purchase. */
  purchase: number;
  /** The part of it that lies between customers, and so does not average out over one's purchases. */
  customer: number;
  /** Squared standard error, relative, of the level that the shop's repeat purchases were learnt at. */
  level: number;
}

/** Moments of all customers with a purchase, in two parts: the new ones and the others. */
export interface ScatterRow {
  customers: number;
  repeaters: number;
  usual: number;
  first_mean: number;
  first_square: number;
  repeater_first_mean: number;
  own_mean: number;
  own_first: number;
  repeat_mean: number;
  repeat_square: number;
}

const fewRepeaters = 30;

export function momentsOf({ customers, single_moment, pair_moment, square_moment }: MomentRow): Moments {
  return { customers, single: customers * single_moment, pair: customers * pair_moment, square: customers * square_moment };
}

/** Scatter of a purchase from first purchases; its part between customers from how first and repeat purchases of the same go together. */
export function scatterOf(rows: readonly ScatterRow[]): Scatter {
  const n = total(rows, (row) => row.customers);
  const repeaters = total(rows, (row) => row.repeaters);
  const mean = (of: (row: ScatterRow) => number) => (n > 0 ? total(rows, (row) => row.customers * of(row)) / n : 0);
  const again = (of: (row: ScatterRow) => number) => (repeaters > 0 ? total(rows, (row) => row.repeaters * of(row)) / repeaters : 0);
  const first = mean((row) => row.first_mean);
  const purchase = first > 0 ? Math.max(0, mean((row) => row.first_square) / first ** 2 - 1) : 0;
  const both = again((row) => row.repeater_first_mean) * again((row) => row.own_mean);
  const shared = both > 0 ? again((row) => row.own_first) / both - 1 : 0;
  const repeat = mean((row) => row.repeat_mean);
  return {
    usual: Math.max(0, ...rows.map((row) => row.usual)),
    purchase,
    customer: repeaters < fewRepeaters ? purchase : Math.min(purchase, Math.max(0, shared)),
    level: repeat > 0 ? Math.max(0, mean((row) => row.repeat_square) / repeat ** 2 - 1) / n : 1,
  };
}

/**
 * What customers will bring together, with an interval for what will be seen. Purchases are a mixed Poisson count of values that scatter
 * within and between customers, Var = E[N] s² (1 + c²) + E[N(N − 1)] s² (1 + b²) − E[V]², summed over customers; E[N(N − 1)] follows from the
 * expected purchases and the chance of any in 90 days, as if further purchases were geometric. The error of the level, which all share, is
 * added. Ends by the gamma distribution of that mean and variance: sums of few are skew. Measured coverage: see the test.
 * @param value expected sum in money.
 */
export function sumOf(value: number, { customers, single, pair, square }: Moments, scatter: Scatter, level = defaultLevel): Estimate {
  const { usual, purchase, customer } = scatter;
  const own = usual ** 2 * Math.max(0, (1 + purchase) * single + (1 + customer) * pair - square);
  return { ...around(value, own + scatter.level * value ** 2, level), n: customers };
}

function around(value: number, variance: number, level: number): { value: number; low: number; high: number } {
  if (!(value > 0) || !(variance > 0)) return { value, low: value, high: value };
  const shape = value ** 2 / variance;
  const tail = (1 - level) / 2;
  if (shape > 1e6) {
    const half = normalQuantile(1 - tail) * Math.sqrt(variance);
    return { value, low: value - half, high: value + half };
  }
  return { value, low: (value * gammaQuantile(tail, shape)) / shape, high: (value * gammaQuantile(1 - tail, shape, tail)) / shape };
}
