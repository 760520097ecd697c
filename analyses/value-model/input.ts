import type { ColumnTable } from 'arquero';
import type { Histories } from '#stats/clv/compress.ts';

/** Days of a week, the unit in which purchases are modelled. */
export const daysAWeek = 7;

/** Numbers of a column; none for an absent table. Columns of the queries here hold no NULL. */
function column(table: ColumnTable | undefined, name: string): Float64Array {
  return table ? Float64Array.from(table.array(name) as ArrayLike<number>) : new Float64Array(0);
}

/** Histories in weeks, a row of the query each. */
export interface Rows extends Histories {
  x: Float64Array;
  tx: Float64Array;
  T: Float64Array;
  weight: Float64Array;
  /** In days, as they came. */
  txDays: Float64Array;
  days: Float64Array;
  customers: number;
  purchases: number;
  /** Weeks that all customers were seen after their first purchase. */
  exposure: number;
}

function historiesOf(table: ColumnTable | undefined): Rows {
  const [x, txDays, days, weight] = ['x', 't_x_days', 't_days', 'customers'].map((name) => column(table, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const rows: Rows = {
    ...{ x, weight, txDays, days, tx: txDays.map((value) => value / daysAWeek), T: days.map((value) => value / daysAWeek) },
    ...{ customers: 0, purchases: 0, exposure: 0 },
  };
  for (let i = 0; i < x.length; i++) {
    rows.customers += weight[i]!;
    rows.purchases += weight[i]! * x[i]!;
    rows.exposure += weight[i]! * rows.T[i]!;
  }
  return rows;
}

/** Histories as they were at the cut-off, with what came after it. */
export interface Calibration extends Rows {
  /** Purchases in the last stretch before the cut-off as long as the holdout. */
  recent: Float64Array;
  /** Purchases in the holdout. */
  later: Float64Array;
  /** Mean over the row's customers of the mean value of a repeat purchase; 0 where x is 0. */
  m: Float64Array;
  /** Value of the purchases in the holdout, all customers of the row. */
  laterValue: Float64Array;
  /** Last day of the calibration, 'YYYY-MM-DD'; null without a holdout. */
  cutoff: string | null;
  holdoutDays: number;
  /** Repeat purchases in the holdout, all customers. */
  laterPurchases: number;
}

/** Repeat buyers by frequency and class of mean value. */
export interface SpendRows {
  x: Float64Array;
  m: Float64Array;
  weight: Float64Array;
}

export interface Input {
  /** At the as-of date. */
  histories: Rows;
  /** Value of all purchases of these customers, first ones too. */
  totalValue: number;
  spend: SpendRows;
  calibration: Calibration;
  calibrationSpend: SpendRows;
  /** Repeat purchases by day from the cut-off, negative before it. */
  daily: { day: Float64Array; purchases: Float64Array };
}

function spendOf(table: ColumnTable | undefined): SpendRows {
  return { x: column(table, 'x'), m: column(table, 'm'), weight: column(table, 'customers') };
}

/** The queries' rows in typed arrays. */
export function inputOf(tables: Record<string, ColumnTable>): Input {
  const { histories, calibration, spend, spendCalibration, days } = tables;
  const known = historiesOf(calibration);
  const later = column(calibration, 'later');
  const first = calibration?.numRows() ? (calibration.object(0) as { cutoff_date: string; holdout_days: number }) : null;
  return {
    histories: historiesOf(histories),
    totalValue: column(histories, 'total_value').reduce((sum, value) => sum + value, 0),
    spend: spendOf(spend),
    calibrationSpend: spendOf(spendCalibration),
    calibration: {
      ...known,
      ...{ recent: column(calibration, 'recent'), later, m: column(calibration, 'm'), laterValue: column(calibration, 'later_value') },
      ...{ cutoff: first ? String(first.cutoff_date).slice(0, 10) : null, holdoutDays: first?.holdout_days ?? 0 },
      laterPurchases: later.reduce((sum, value, i) => sum + value * known.weight[i]!, 0),
    },
    daily: { day: column(days, 'day'), purchases: column(days, 'purchases') },
  };
}
