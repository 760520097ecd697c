/** `share` is 0 to 1 and prints as per cent; its changes print as percentage points. */
export type Unit = 'money' | 'count' | 'share' | 'ratio' | 'days' | 'hours';

/** Which direction is good for the shop; `none` for metrics without one. */
export type Polarity = 'up' | 'down' | 'none';

/** A value with what it is compared with. `value` null: no such period in the data. */
export interface Comparison {
  label: 'prior week' | 'same week last year' | 'prior month' | 'year to date last year' | 'expected';
  value: number | null;
}

/** Limits with their stated meaning, for instance '95% interval' or 'XmR limits, 26 weeks'. */
export interface Interval {
  low: number;
  high: number;
  /** What the limits are. */
  basis: string;
}

/** Where a value stands against its expected range. */
export type Standing = 'above' | 'inside' | 'below' | 'unknown';

/** A named number. Definitions live once, in `src/warehouse/metrics.ts`; `definition` names one of them. */
export interface Metric {
  id: string;
  /** Key of the definition in the metric register. */
  definition: string;
  label: string;
  value: number | null;
  unit: Unit;
  polarity: Polarity;
  /** Rows behind the number: orders, customers, sessions. */
  n: number;
  /** Period that the value covers, as printed: '10 to 16 August 2026'. */
  period: string;
  comparisons: Comparison[];
  interval?: Interval;
  expected?: Interval & { standing: Standing };
  /** Oldest first, complete periods only; `low` and `high` are the expected range where there is one. */
  history?: { date: string; value: number | null; low: number | null; high: number | null }[];
}
