import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateTicks, linear, minStep, position, shortMonth, tickLabels } from '#chart/scale.ts';
import { formatter } from '#contract/format.ts';
import type { Unit } from '#contract/metric.ts';

const en = formatter({ currency: 'EUR', locale: 'en-GB' });
const de = formatter({ currency: 'EUR', locale: 'de-DE' });

test.each([
  ['money', [0, 500_000, 1_000_000, 1_500_000], ['€0', '€0.5M', '€1.0M', '€1.5M']],
  ['money', [0, 20_000, 40_000], ['€0', '€20k', '€40k']],
  ['money', [0, 0.5, 1], ['€0', '€0.5', '€1.0']],
  ['money', [-2000, 0, 2000], ['−€2,000', '€0', '€2,000']],
  ['money', [0, 2e9], ['€0', '€2bn']],
  ['count', [0, 500, 1000], ['0', '500', '1,000']],
  ['count', [0, 5000, 10_000], ['0', '5k', '10k']],
  ['share', [0, 0.025, 0.05], ['0%', '2.5%', '5.0%']],
  ['share', [0, 0.5, 1], ['0%', '50%', '100%']],
  ['days', [0, 5], ['0 days', '5 days']],
  ['ratio', [1, 1.25], ['1.00', '1.25']],
] as [Unit, number[], string[]][])('tick labels of %s %j', (unit, ticks, expected) => {
  expect(tickLabels(ticks, unit, en)).toEqual(expected);
});

test('tick labels in another locale', () => {
  expect(tickLabels([0, 1_500_000, 3_000_000], 'money', de).map((t) => t.replace(/\s/g, ' '))).toEqual(['0 €', '1,5M €', '3,0M €']);
});

test.each([
  [[12, 88], { zero: true }, [0, 20, 40, 60, 80, 100]],
  [[1_330_000, 1_880_000], { count: 4 }, [1_200_000, 1_400_000, 1_600_000, 1_800_000, 2_000_000]],
  [[3, 3], {}, [2.7, 2.8, 2.9, 3, 3.1, 3.2, 3.3]],
  [[0, 0], {}, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [[0, 2], { minStep: 1 }, [0, 1, 2]],
  [[], {}, [0, 0.2, 0.4, 0.6, 0.8, 1]],
] as [number[], object, number[]][])('ticks of %j %j', (values, options, ticks) => {
  expect(linear(values, options).ticks).toEqual(ticks);
});

test('a domain holds all values, and its ticks rise', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (values, zero) => {
        const { domain, ticks } = linear(values, { zero });
        const slack = 1e-12 + 1e-9 * Math.max(...domain.map(Math.abs));
        expect(domain[1]).toBeGreaterThan(domain[0]);
        expect(domain[0]).toBeLessThanOrEqual(Math.min(...values, ...(zero ? [0] : [])) + slack);
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...values, ...(zero ? [0] : [])) - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThan(14);
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
      },
    ),
  );
});

test('position', () => {
  expect(position({ domain: [0, 10], ticks: [] }, 2.5, 100, 0)).toBe(75);
});

describe('dates', () => {
  test('quarters over a year', () => {
    expect(dateTicks('2025-09-22', '2026-11-09', 6, en).map((tick) => tick.label)).toEqual([
      'Oct 2025',
      'Jan 2026',
      'Apr 2026',
      'Jul 2026',
      'Oct 2026',
    ]);
  });
  test('days within two months', () => {
    expect(dateTicks('2026-08-03', '2026-08-24', 6, en).map((tick) => tick.day)).toEqual([
      '2026-08-03',
      '2026-08-10',
      '2026-08-17',
      '2026-08-24',
    ]);
  });
  test('years over many', () => {
    expect(dateTicks('2017-01-02', '2026-08-17', 6, en).map((tick) => tick.label)).toEqual(['2018', '2020', '2022', '2024', '2026']);
  });
  test.each([
    ['en-GB', 'Oct'],
    ['en-US', 'Oct'],
    ['de-DE', 'Okt'],
    ['pt-BR', 'out'],
    ['ja-JP', '10月'],
  ])('month in %s', (locale, expected) => {
    expect(shortMonth('2025-10-01', formatter({ currency: 'EUR', locale }))).toContain(expected);
  });
});

test('smallest steps', () => {
  expect(minStep('count')).toBe(1);
});
