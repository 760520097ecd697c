import type { ColumnTable } from 'arquero';
import { features } from './feature.ts';

export type MomentName = 'training' | 'judging' | 'today';

/** Customers as they were known at a moment; one entry a customer in each list, in the order of their first purchases. */
export interface Customers {
  n: number;
  /** All customers of the moment, of whom n were drawn. */
  all: number;
  /** 'YYYY-MM-DD'. */
  date: string;
  horizonDays: number;
  /** By column. */
  numbers: Record<string, Float64Array>;
  /** By feature. */
  bins: Record<string, string[]>;
  /** Net value in the horizon after the moment; 0 for today. */
  laterValue: Float64Array;
}

const numberColumns = [
  ...['x', 't_x_days', 't_days', 'recency_days', 'm', 'mean_value'],
  ...['first_value', 'first_pieces', 'first_discount', 'pieces_back'],
];

/** Splits the query's rows by moment; a moment without a customer is absent. */
export function customersOf(table: ColumnTable | undefined): Partial<Record<MomentName, Customers>> {
  if (!table || table.numRows() === 0) return {};
  const column = (name: string) => table.array(name) as ArrayLike<unknown>;
  const moments = column('moment');
  const places = new Map<string, number[]>();
  for (let i = 0; i < moments.length; i++) {
    const moment = String(moments[i]);
    const list = places.get(moment);
    if (list) list.push(i);
    else places.set(moment, [i]);
  }
  const made: Partial<Record<MomentName, Customers>> = {};
  for (const moment of ['training', 'judging', 'today'] as const) {
    const at = places.get(moment);
    if (!at) continue;
    const numbersOf = (name: string) => {
      const values = column(name);
      return Float64Array.from(at, (i) => Number(values[i] ?? 0));
    };
    const textsOf = (name: string) => {
      const values = column(name);
      return at.map((i) => String(values[i] ?? 'unknown'));
    };
    made[moment] = {
      n: at.length,
      all: Number(column('customers')[at[0]!]),
      date: String(column('moment_date')[at[0]!]).slice(0, 10),
      horizonDays: Number(column('horizon_days')[at[0]!]),
      numbers: Object.fromEntries(numberColumns.map((name) => [name, numbersOf(name)])),
      bins: Object.fromEntries(features.map(({ id }) => [id, textsOf(`${id}_bin`)])),
      laterValue: numbersOf('later_value'),
    };
  }
  return made;
}
