import { poissonTails } from '#stats/distribution.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { random } from '#stats/random.ts';
import { poissonRate } from '#stats/rate.ts';
import { total } from '../shared/change.ts';
import type { Band, EarlierRow, Segment } from './input.ts';

/** Expected share of false calls. */
export const falseDiscovery = 0.05;
/** Least expected purchases of a category or segment that is tested. */
export const leastExpected = 5;
const draws = 1000;

export interface Cell {
  band: Band;
  segment: Segment;
  category: string;
}

/** How a part of the pairs did against what the others of its kind would have done. */
export interface Deviation {
  name: string;
  pairs: number;
  bought: number;
  expected: number;
  factor: number;
  low: number;
  high: number;
  /** Adjusted; null for what is not tested. */
  p: number | null;
  isCalled: boolean;
}

/** The chance of a pair to be bought within 28 days, by days since its last view, orders of the customer, and category. */
export class Rates {
  readonly pairs: number;
  readonly bought: number;
  readonly categories: Deviation[];
  readonly segments: Deviation[];
  readonly #cells = new Map<string, { n: number; bought: number }>();
  readonly #factors = new Map<string, { shape: number; rate: number }>();
  /** Variance of the categories' true factors. */
  readonly spread: number;

  constructor(rows: readonly EarlierRow[]) {
    this.pairs = total(rows, (row) => row.pairs);
    this.bought = total(rows, (row) => row.bought);
    for (const row of rows) {
      for (const key of [`${row.band} ${row.segment}`, `${row.band}`]) {
        const cell = this.#cells.get(key) ?? { n: 0, bought: 0 };
        this.#cells.set(key, { n: cell.n + row.pairs, bought: cell.bought + row.bought });
      }
    }
    const base = (row: EarlierRow) => row.pairs * this.#base(row.band, row.segment);
    this.categories = deviations(rows, (row) => row.category, base);
    this.segments = deviations(
      rows,
      (row) => String(row.segment),
      (row) => row.pairs * this.#pooled(row.band),
    );
    const squares = total(this.categories, ({ bought, expected }) => (bought - expected) ** 2 - expected);
    const scale = total(this.categories, ({ expected }) => expected ** 2);
    this.spread = scale > 0 ? Math.max(0, squares / scale) : 0;
    const prior = this.spread > 0 ? 1 / this.spread : null;
    for (const { name, bought, expected } of this.categories) {
      if (prior !== null) this.#factors.set(name, { shape: prior + bought, rate: prior + expected });
    }
  }

  /** Whether earlier days hold anything to measure. */
  get isMeasured(): boolean {
    return this.pairs > 0;
  }

  #cell(band: Band, segment: Segment): { n: number; bought: number } {
    // A cell that never was takes the rate of its band.
    return this.#cells.get(`${band} ${segment}`) ?? this.#cells.get(`${band}`) ?? { n: 0, bought: 0 };
  }

  #base(band: Band, segment: Segment): number {
    const { n, bought } = this.#cell(band, segment);
    return n > 0 ? bought / n : 0;
  }

  #pooled(band: Band): number {
    const cell = this.#cells.get(`${band}`);
    return cell ? cell.bought / cell.n : 0;
  }

  /** Chance of one pair: the rate of its band and segment times its category's factor, drawn to one as far as chance explains it. */
  chance({ band, segment, category }: Cell): number {
    if (band === 5) return 0;
    const factor = this.#factors.get(category);
    return Math.min(1, this.#base(band, segment) * (factor ? factor.shape / factor.rate : 1));
  }

  /**
   * Sums of weights times chances with their 95% intervals, by simulation from the posteriors of rates (beta, Jeffreys) and factors (gamma).
   * @param parts each a list of cells with weights; what is drawn is drawn once for all parts.
   */
  sums(parts: readonly (readonly (Cell & { weight: number })[])[], seed: number): { value: number; low: number; high: number }[] {
    const source = random(seed, 'cross-sell: worth');
    const found = parts.map(() => new Float64Array(draws));
    const keys = [...new Set(parts.flat().map(({ band, segment }) => `${band} ${segment}`))].sort();
    const names = [...this.#factors.keys()].sort();
    for (let draw = 0; draw < draws; draw++) {
      const rates = new Map(
        keys.map((key) => {
          const [band, segment] = key.split(' ').map(Number) as [Band, Segment];
          const { n, bought } = this.#cell(band, segment);
          const hit = source.gamma(bought + 0.5);
          return [key, band === 5 ? 0 : hit / (hit + source.gamma(n - bought + 0.5))] as const;
        }),
      );
      const factors = new Map(
        names.map((name) => {
          const { shape, rate } = this.#factors.get(name)!;
          return [name, source.gamma(shape) / rate] as const;
        }),
      );
      parts.forEach((cells, i) => {
        let sum = 0;
        for (const { band, segment, category, weight } of cells) {
          sum += weight * Math.min(1, rates.get(`${band} ${segment}`)! * (factors.get(category) ?? 1));
        }
        found[i]![draw] = sum;
      });
    }
    return parts.map((cells, i) => {
      const value = total(cells, (cell) => cell.weight * this.chance(cell));
      const sorted = found[i]!.sort();
      return { value, low: Math.min(value, sorted[Math.floor(0.025 * draws)]!), high: Math.max(value, sorted[Math.floor(0.975 * draws)]!) };
    });
  }

  /** Rate of a band over all segments, with its counts. */
  band(band: Band): { n: number; bought: number } {
    return this.#cells.get(`${band}`) ?? { n: 0, bought: 0 };
  }
}

function deviations(rows: readonly EarlierRow[], nameOf: (row: EarlierRow) => string, base: (row: EarlierRow) => number): Deviation[] {
  const parts = [...Map.groupBy(rows, nameOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const list = parts.map(([name, own]) => {
    const [pairs, bought, expected] = [total(own, (row) => row.pairs), total(own, (row) => row.bought), total(own, base)];
    const rate = expected > 0 ? poissonRate(bought, expected)! : null;
    const isTested = expected >= leastExpected && parts.length > 1;
    const { lower, upper } = poissonTails(bought, expected);
    return {
      ...{ name, pairs, bought, expected, factor: rate?.value ?? 1, low: rate?.low ?? 0, high: rate?.high ?? 1 },
      p: isTested ? Math.min(1, 2 * Math.min(lower, upper)) : null,
    };
  });
  const adjusted = benjaminiHochberg(list.map(({ p }) => p));
  return list.map((one, i) => ({ ...one, p: adjusted[i]!, isCalled: adjusted[i] !== null && adjusted[i]! <= falseDiscovery }));
}
