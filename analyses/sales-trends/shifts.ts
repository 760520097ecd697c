import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions } from '#stats/proportion.ts';
import { total } from '../shared/change.ts';
import type { KpiWeek } from '../shared/kpi.ts';
import { bySegment, type Dimension, type SegmentWeek } from './bridge.ts';
import type { Pair } from './pair.ts';

/** A segment whose share of orders differs from that of the span before. */
interface Shift {
  dimension: Dimension;
  value: string;
  /** Share of orders, 0 to 1. */
  before: number;
  after: number;
  /** Interval of after − before. */
  low: number;
  high: number;
  /** BH-adjusted over all segments tested. */
  p: number;
  orders: number;
}

export interface Shifts {
  tested: number;
  called: Shift[];
}

const leastOrders = 30;
const leastChange = 0.15;
const falseDiscovery = 0.05;

/**
 * Shares of orders (with an item of the category; from the country; from the source; first orders) in two spans of weeks, by the
 * two-sample score test, adjusted by Benjamini and Hochberg. Called from a relative change of 15% upwards; segments with fewer than 30
 * orders over both spans are not tested. Returning customers mirror new ones and are left out.
 */
export function shareShifts(pair: Pair, segments: readonly SegmentWeek[], weeks: readonly KpiWeek[]): Shifts {
  const orders = (span: readonly string[]) =>
    total(
      weeks.filter(({ week }) => span.includes(week)),
      (row) => row.orders,
    );
  const [nBefore, nAfter] = [orders(pair.before), orders(pair.after)];
  const tests = bySegment(segments, { mirrored: false }).flatMap(({ dimension, value, rows }) => {
    const count = (span: readonly string[], most: number) =>
      Math.min(
        most,
        total(
          rows.filter(({ week }) => span.includes(week)),
          (row) => row.orders,
        ),
      );
    const [before, after] = [count(pair.before, nBefore), count(pair.after, nAfter)];
    const test =
      before + after < leastOrders ? null : compareProportions({ successes: before, n: nBefore }, { successes: after, n: nAfter });
    if (!test) return [];
    return [
      {
        dimension,
        value,
        before: before / nBefore,
        after: after / nAfter,
        low: test.low,
        high: test.high,
        p: test.p,
        orders: before + after,
      },
    ];
  });
  const adjusted = benjaminiHochberg(tests.map(({ p }) => p));
  const called = tests
    .map((test, i) => ({ ...test, p: adjusted[i]! }))
    .filter(({ p, before, after }) => p <= falseDiscovery && (before === 0 || Math.abs(after / before - 1) >= leastChange))
    .toSorted((a, b) => a.p - b.p || (a.dimension + a.value < b.dimension + b.value ? -1 : 1));
  return { tested: tests.length, called };
}
