import { type Concentration, compress, concentration, lorenz } from '#stats/concentration.ts';
import type { Estimate } from '#stats/estimate.ts';
import { total } from '../shared/change.ts';

/** New customers of whom about the same is expected. */
export interface StepRow {
  step: number;
  customers: number;
  value_365: number;
}

/** Customers from one expected value up to another. */
export interface Bin {
  from: number;
  /** Null for the last, which is open. */
  to: number | null;
  customers: number;
  value: number;
}

/** How expected value is spread over customers. */
export interface Spread {
  customers: number;
  value: number;
  /** Half of the customers are expected to bring less. */
  median: number;
  bins: Bin[];
  concentration: Concentration;
  /** What the tenth of whom most is expected holds. */
  tenth: Estimate;
  /** Customers from the largest down, and the share that they hold. */
  curve: { customers: number; value: number }[];
}

const leastCustomers = 30;
const points = 100;
const parts = [0.01, 0.1, 0.2] as const;
const mostBins = 14;

/** Null below thirty customers, or where nothing is expected of them. */
export function spreadOf(rows: readonly StepRow[], seed: number): Spread | null {
  const steps = rows.filter(({ customers }) => customers > 0).toSorted((a, b) => a.step - b.step);
  const customers = total(steps, (row) => row.customers);
  const value = total(steps, (row) => row.value_365);
  if (customers < leastCustomers || !(value > 0)) return null;
  const data = compress(
    steps.map((row) => row.value_365 / row.customers),
    steps.map((row) => row.customers),
  );
  const measured = concentration(data, { seed, label: 'customer-value', parts });
  const ascending = lorenz(data, points);
  if (!measured || !ascending) return null;
  return {
    ...{ customers, value, median: quantile(steps, customers, 0.5), bins: binsOf(steps, customers), concentration: measured },
    tenth: measured.top.find(({ part }) => part === 0.1)!,
    curve: ascending.map(({ units, held }) => ({ customers: 1 - units, value: 1 - held })).toReversed(),
  };
}

function quantile(ascending: readonly StepRow[], customers: number, q: number): number {
  let passed = 0;
  for (const row of ascending) {
    passed += row.customers;
    if (passed >= q * customers) return row.value_365 / row.customers;
  }
  return 0;
}

/** Bins of one round width up to where few are left, the last open. */
function binsOf(ascending: readonly StepRow[], customers: number): Bin[] {
  const most = quantile(ascending, customers, 0.98);
  if (!(most > 0)) return [{ from: 0, to: null, customers, value: 0 }];
  const rough = most / (mostBins - 2);
  const size = 10 ** Math.floor(Math.log10(rough));
  const width = size * ([1, 2, 5, 10].find((step) => step * size >= rough) ?? 10);
  const count = Math.ceil(most / width) + 1;
  const bins = Array.from(
    { length: count },
    (_, i): Bin => ({
      ...{ from: i * width, to: i === count - 1 ? null : (i + 1) * width, customers: 0, value: 0 },
    }),
  );
  for (const row of ascending) {
    const bin = bins[Math.min(count - 1, Math.max(0, Math.floor(row.value_365 / row.customers / width)))]!;
    bin.customers += row.customers;
    bin.value += row.value_365;
  }
  return bins;
}
