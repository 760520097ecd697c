import type { Polarity, Unit } from './metric.ts';
import type { Row } from './row.ts';

export interface Column {
  key: string;
  label: string;
  /** `text` and `date` are left-aligned; the others are numbers in the shop's locale. `change` is a signed share with colour by polarity; `points` is a signed share printed as percentage points; `bar` draws the number as a bar. */
  type: 'text' | 'date' | Unit | 'change' | 'points' | 'bar';
  polarity?: Polarity;
  /** A difference in its unit: prints its sign, with colour by polarity. */
  signed?: boolean;
}

/** A table as printed and as CSV; sorted by value, top n and other, with totals that reconcile. */
export interface Table {
  id: string;
  /** A claim recomputed from the rows. */
  title: string;
  /** Measure, unit, period, what is suppressed. */
  subtitle: string;
  columns: Column[];
  rows: Row[];
  total?: Row;
  note?: string;
}
