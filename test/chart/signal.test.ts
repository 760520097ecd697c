import { describe, expect, test } from 'vitest';
import { lineChart } from '#chart/line.ts';
import { rankedBars } from '#chart/ranked.ts';
import { signalColour } from '#chart/signal.ts';
import { C } from '#chart/theme.ts';
import type { Polarity } from '#contract/metric.ts';
import { common } from './every.ts';

const band = { low: 'low', high: 'high' };
const row = (v: number | null) => ({ x: '2026-08-10', v, low: 4, high: 6, out: true });

describe('colour of a signal', () => {
  test.each<[number | null, Polarity | undefined, string]>([
    [9, 'up', C.accent],
    [2, 'up', C.signal],
    [9, 'down', C.signal],
    [2, 'down', C.accent],
    [9, 'none', C.ink],
    [5, 'up', C.ink],
    [null, 'up', C.ink],
    [9, undefined, C.signal],
  ])('%s with polarity %s is %s', (value, polarity, colour) => {
    expect(signalColour(row(value), { y: 'v', band, polarity })).toBe(colour);
  });

  test('without a range each is a warning', () => {
    expect(signalColour(row(9), { y: 'v', polarity: 'up' })).toBe(C.signal);
  });

  test('the last point and its label take it', () => {
    const rows = [
      { ...row(5), out: false },
      { ...row(9), x: '2026-08-17' },
    ];
    const drawn = (polarity: Polarity) => JSON.stringify(lineChart({ ...common(rows), x: 'x', y: 'v', band, marks: 'out', polarity }).spec);
    expect(drawn('up')).not.toContain(C.signal);
    expect(drawn('down')).toContain(C.signal);
  });
});

test('the row that pools the rest stands last, whatever its value', () => {
  const rows = [
    { a: 'All other (3)', v: 50, rest: true },
    { a: 'Jeans', v: -9, rest: false },
    { a: 'Socks', v: 7, rest: false },
  ];
  const figure = rankedBars({ ...common(rows), label: 'a', value: 'v', pooled: 'rest', signed: true });
  expect(figure.rows.map(({ a }) => a)).toEqual(['Socks', 'Jeans', 'All other (3)']);
});
