import { type Compressed, compress } from '#stats/clv/compress.ts';
import { days, discountIn, durationIn, perYear } from '#stats/clv/unit.ts';
import { discountedScores, score } from '#stats/clv/value.ts';
import { valueBands } from '#stats/clv/value-band.ts';
import { type Customers, newerThan } from './customers.ts';
import { type Scorer, scorerOf, type ValueModel } from './model.ts';

/** What is expected of a customer within a horizon; null where neither the store nor a model knows it. */
export interface Outlook {
  /** Expected purchases. */
  purchases: number | null;
  /** P(at least one purchase). */
  pPurchase: number | null;
  /** Expected value in the shop's currency, discounted, with its interval. */
  value: { expected: number; low: number; high: number } | null;
}

interface Ahead {
  horizonDays: number;
}

/** Values of a run's customers at any horizon: the stored ones at the run's own, else scored from the fitted parameters. Never fits. */
export class Valuation {
  readonly customers: Customers;
  readonly model: ValueModel;
  readonly #scorer: Scorer | null;

  constructor(customers: Customers, model: ValueModel) {
    this.customers = customers;
    this.model = model;
    this.#scorer = scorerOf(model);
  }

  /** Whether the answer needs no scoring. */
  isAtHand({ horizonDays }: Ahead): boolean {
    return horizonDays === this.model.horizonDays || this.#scorer === null;
  }

  /** Outlooks of rows, in their order. At another horizon than the run's about a millisecond, and a tenth of one a history. */
  outlooks(rows: ArrayLike<number>, { horizonDays }: Ahead): Outlook[] {
    if (horizonDays === this.model.horizonDays) return this.#stored(rows);
    const scorer = this.#scorer;
    if (!scorer) return Array.from(rows, () => ({ purchases: null, pPurchase: null, value: null }));
    const unique = this.#histories(rows, scorer);
    const { expected: purchases, any } = score(scorer, unique, durationIn(days(horizonDays), scorer.unit));
    const discounted = this.#discounted(unique, scorer, horizonDays);
    const own = this.#discounted(unique, scorer, this.model.horizonDays);
    const bands = this.#bands(unique, scorer, horizonDays);
    const { value_365, m } = this.customers.measures;
    return Array.from(rows, (row, i) => {
      const u = unique.row[i]!;
      const share = purchases[u]! > 0 ? discounted[u]! / purchases[u]! : 1;
      const spend = spendOf(value_365[row]!, own[u]!);
      const scale = share * scaleOf(scorer, unique.x[u]!, m[row]!, spend);
      return {
        purchases: purchases[u]!,
        pPurchase: any[u]!,
        value: { expected: discounted[u]! * spend, low: bands.low[u]! * scale, high: bands.high[u]! * scale },
      };
    });
  }

  /**
   * Customers who first bought fewer than `newerThanDays` days before the as-of day, the most valuable first, equal ones by id. None
   * where their values aren't known.
   */
  ranking(newerThanDays: number, { horizonDays }: Ahead): Uint32Array {
    const rows = this.customers.byAge.slice(0, newerThan(this.customers, newerThanDays)).sort();
    const values = this.#values(rows, horizonDays);
    const known = Uint32Array.from(rows.keys()).filter((i) => !Number.isNaN(values[i]!));
    known.sort((a, b) => values[b]! - values[a]! || a - b);
    const ranked = new Uint32Array(new SharedArrayBuffer(4 * known.length));
    for (let i = 0; i < known.length; i++) ranked[i] = rows[known[i]!]!;
    return ranked;
  }

  #values(rows: Uint32Array, horizonDays: number): Float64Array {
    const { value_365 } = this.customers.measures;
    if (horizonDays === this.model.horizonDays) return Float64Array.from(rows, (row) => value_365[row]!);
    const scorer = this.#scorer;
    if (!scorer) return new Float64Array(rows.length).fill(Number.NaN);
    const unique = this.#histories(rows, scorer);
    const discounted = this.#discounted(unique, scorer, horizonDays);
    const own = this.#discounted(unique, scorer, this.model.horizonDays);
    return Float64Array.from(rows, (row, i) => discounted[unique.row[i]!]! * spendOf(value_365[row]!, own[unique.row[i]!]!));
  }

  #stored(rows: ArrayLike<number>): Outlook[] {
    const { purchases_365, value_365, value_low, value_high } = this.customers.measures;
    const chances = this.#chances(rows);
    return Array.from(rows, (row, i) => ({
      purchases: known(purchases_365[row]!),
      pPurchase: chances && chances[i]!,
      value: Number.isNaN(value_365[row]!) ? null : { expected: value_365[row]!, low: value_low[row]!, high: value_high[row]! },
    }));
  }

  /** Not stored, and quick. */
  #chances(rows: ArrayLike<number>): Float64Array | null {
    const scorer = this.#scorer;
    if (!scorer) return null;
    const { law, parameters, unit } = scorer;
    const { x, t_x_days, t_days } = this.customers.counts;
    const day = durationIn(days(1), unit).value;
    const t = durationIn(days(this.model.horizonDays), unit).value;
    return Float64Array.from(rows, (row) => law.any(parameters, x[row]!, t_x_days[row]! * day, t_days[row]! * day, t));
  }

  #discounted(unique: Compressed, scorer: Scorer, horizonDays: number): Float64Array {
    const discount = discountIn(perYear(this.model.discountPerYear), scorer.unit);
    return discountedScores(scorer, unique, durationIn(days(horizonDays), scorer.unit), discount);
  }

  #bands(unique: Compressed, scorer: Scorer, horizonDays: number): { low: Float64Array; high: Float64Array } {
    const { fitted, spend, unit } = scorer;
    const request = {
      model: scorer,
      spend: spend.parameters,
      usual: spend.usual,
      horizon: durationIn(days(horizonDays), unit),
      level: this.model.level,
    };
    return valueBands({ ...request, ...(fitted ? { fitted } : {}), ...(spend.fitted ? { spendFitted: spend.fitted } : {}) }, unique);
  }

  #histories(rows: ArrayLike<number>, { unit }: Scorer): Compressed {
    const { x, t_x_days, t_days } = this.customers.counts;
    const inUnit = (value: number) => durationIn(days(value), unit).value;
    return compress({
      x: Float64Array.from(rows, (row) => x[row]!),
      tx: Float64Array.from(rows, (row) => inUnit(t_x_days[row]!)),
      T: Float64Array.from(rows, (row) => inUnit(t_days[row]!)),
    });
  }
}

/** Expected value of one purchase, as the run has it: it doesn't depend on how far one looks ahead. */
function spendOf(value: number, discounted: number): number {
  return discounted > 0 ? value / discounted : Number.isNaN(value) ? Number.NaN : 0;
}

/** What an interval's quantiles are multiples of: v + xm, v by frequency where the run's spend goes that way. */
function scaleOf({ spend: { rule, parameters, usual } }: Scorer, x: number, m: number, spend: number): number {
  const { p, q, v } = parameters;
  if (rule === 'pooled' || rule === 'all-purchases') return usual > 0 ? v : 0;
  const own = x > 0 ? x * m : 0;
  if (rule !== 'by-frequency' || spend === 0) return (usual > 0 ? v : 0) + own;
  const rest = p * x + q - 1;
  return Math.max(0, (spend * rest - p * own) / p) + own;
}

/** NaN is how columns hold what isn't known. */
export function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
