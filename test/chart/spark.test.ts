import { describe, expect, test } from 'vitest';
import { coverBars, intervalBar, sparkline } from '#chart/spark.ts';
import { format, parseSvg, weeks } from './every.ts';

const history = (values: (number | null)[], low: number | null = 4, high: number | null = 6) =>
  weeks(values.length).map((date, i) => ({ date, value: values[i]!, low, high }));

describe('sparkline', () => {
  test('small and well-formed; hidden from assistive technology unless it has words', () => {
    const svg = sparkline(history([5, 6, 5]), 'up');
    expect(parseSvg(svg).tags[0]!.attributes['aria-hidden']).toBe('true');
    expect(parseSvg(sparkline(history([5, 6, 5]), 'up', { label: 'Net <b>' })).tags[0]!.attributes['aria-label']).toBe('Net &lt;b&gt;');
    expect(svg.length).toBeLessThan(800);
  });
  test.each([
    ['up', 3, 'signal'],
    ['up', 7, 'accent'],
    ['down', 7, 'signal'],
    ['down', 3, 'accent'],
    ['none', 3, 'accent'],
    ['up', 5, 'accent'],
  ] as const)('better %s, last value %d: %s', (polarity, last, role) => {
    expect(sparkline(history([5, 5, last]), polarity)).toContain(`r="3" fill="var(--c-${role},`);
  });
  test('gaps break the line; too little gives nothing', () => {
    expect(sparkline(history([5, null, 5, 6]), 'up').match(/M/g)).toHaveLength(3);
    expect(sparkline(history([5, null]), 'up')).toBe('');
    expect(sparkline([], 'up')).toBe('');
    expect(sparkline(history([5, 5], null, null), 'up')).not.toMatch(/NaN|faint/);
  });
});

describe('interval bar', () => {
  test.each([
    [14_000, 9000, 20_000, ['+€14,000', '0', '€9k', '€20k']],
    [4000, -2000, 9000, ['+€4,000', '−€2,000', '0', '€9,000']],
    [-400, -1e6, 2, ['−€400.00', '−€1M', '0', '€2']],
    [0, 0, 0, ['€0.00', '0']],
  ] as [number, number, number, string[]][])('%d from %d to %d', (value, low, high, expected) => {
    const svg = intervalBar(value, low, high, { format, unit: 'money' });
    expect(parseSvg(svg).texts).toEqual(expected);
    expect(svg).not.toMatch(/NaN/);
  });
});

describe('cover', () => {
  test('a bar a period from zero, the last in colour', () => {
    const { tags } = parseSvg(coverBars(weeks(4).map((date, i) => ({ date, value: [2, 4, null, 1][i]! }))));
    const bars = tags.filter((tag) => tag.name === 'rect').map((tag) => tag.attributes);
    expect(bars.map((bar) => bar.height)).toEqual(['59', '118', '0', '29.5']);
    expect(bars.filter((bar) => bar.fill?.includes('accent'))).toHaveLength(1);
  });
  test('nothing to draw', () => {
    expect(coverBars([])).toBe('');
  });
});
