import { describe, expect, it } from 'vitest';
import { formatter } from '#contract/format.ts';
import { addWeeks } from '../../../analyses/shared/day.ts';
import { expectation, expectedOf } from '../../../analyses/shared/expected.ts';
import { comparedWith, completeWeeks, weeklyMetric } from '../../../analyses/shared/metric.ts';
import { topAndRest } from '../../../analyses/shared/top.ts';

const format = formatter({ currency: 'EUR', locale: 'en-GB' });
const week = '2026-08-10';
const series = (values: (number | null)[]) =>
  values.map((value, i) => ({ week: addWeeks(week, i - values.length + 1), is_complete: true, value, orders: 7 }));
const wobble = (i: number) => 100 + (i % 3);

describe('weeklyMetric', () => {
  const of = (values: (number | null)[]) =>
    weeklyMetric({
      id: 'orders',
      label: 'Orders',
      unit: 'count',
      polarity: 'up',
      rows: series(values),
      value: (row) => row.value,
      n: (row) => row.orders,
      context: { week, format },
    });

  it('holds the value, both comparisons and the period', () => {
    const { metric } = of(Array.from({ length: 53 }, (_, i) => i + 1));
    expect(metric).toMatchObject({ value: 53, n: 7, definition: 'orders', period: '10 to 16 August 2026' });
    expect(comparedWith(metric, 'prior week')).toBe(52);
    expect(comparedWith(metric, 'same week last year')).toBe(1);
    expect(comparedWith(metric, 'prior month')).toBeNull();
    expect(metric.history).toHaveLength(52);
    expect(metric.history!.at(-1)).toMatchObject({ date: week, value: 53 });
  });

  it('has no expected range from a short history, and no value without the week', () => {
    expect(of([1, 2, 3]).metric.expected).toBeUndefined();
    const { metric } = weeklyMetric({
      id: 'orders',
      label: 'Orders',
      unit: 'count',
      polarity: 'up',
      rows: series([1, 2]).map((row) => ({ ...row, week: addWeeks(row.week, -4) })),
      value: (row) => row.value,
      n: (row) => row.orders,
      context: { week, format },
    });
    expect(metric).toMatchObject({ value: null, n: 0 });
    expect(metric.comparisons.map(({ value }) => value)).toEqual([null, null]);
  });

  it('passes over an undefined week', () => {
    const { metric } = of([...Array.from({ length: 30 }, (_, i) => wobble(i)), null]);
    expect(metric.value).toBeNull();
    expect(metric.expected?.standing).toBe('unknown');
  });

  it('takes complete weeks up to the week reported, in order', () => {
    const rows = [...series([1, 2, 3]), { week: addWeeks(week, 1), is_complete: true, value: 9, orders: 1 }].toReversed();
    rows.push({ week: addWeeks(week, -9), is_complete: false, value: 9, orders: 1 });
    expect(completeWeeks(rows, week).map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});

describe('expectation', () => {
  const points = (values: (number | null)[]) =>
    expectation(
      series(values).map(({ week: date, value }) => ({ date, value })),
      'count',
      format,
    );

  it('calls a jump, and judges each week by earlier ones only', () => {
    const calm = Array.from({ length: 40 }, (_, i) => wobble(i));
    const jumped = points([...calm, 200]);
    expect(jumped.points.at(-1)).toMatchObject({ standing: 'above', value: 200 });
    expect(jumped.points.at(-1)!.p).toBeLessThan(0.01);
    expect(points(calm).points).toEqual(jumped.points.slice(0, -1).map((p, i) => ({ ...p, date: points(calm).points[i]!.date })));
    expect(points(calm).called).toBe(0);
  });

  it('cannot judge a series without variation', () => {
    const { points: list, tested } = points(Array.from({ length: 40 }, () => 5));
    expect(tested).toBe(0);
    expect(list.every(({ standing }) => standing === 'unknown')).toBe(true);
  });

  it('keeps shares between zero and one', () => {
    const judged = expectation(
      series(Array.from({ length: 40 }, (_, i) => (i % 2 ? 0.99 : 0.9))).map(({ week: date, value }) => ({ date, value })),
      'share',
      format,
    );
    for (const { low, high } of judged.points) {
      if (low === null || high === null) continue;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }
    expect(expectedOf(undefined, 'x')).toBeUndefined();
  });
});

it('keeps the largest, and one more rather than a rest of one', () => {
  const items = ['c', 'a', 'b', 'd'].map((name, i) => ({ name, size: [1, 5, 5, 2][i]! }));
  const of = (n: number) =>
    topAndRest(
      items,
      n,
      (i) => i.size,
      (i) => i.name,
    );
  expect(of(2)).toEqual({ top: [items[1], items[2]], rest: [items[3], items[0]] });
  expect(of(3).rest).toEqual([]);
});
