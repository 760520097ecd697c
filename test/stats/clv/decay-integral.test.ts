import { expect, test } from 'vitest';
import { logDecayIntegral } from '#stats/clv/decay-integral.ts';

test('logarithm and moments against quadrature at 40 digits (mpmath)', () => {
  // a, b, p, q, from, to; then ln of the integral, the mean of ln(a+τ) and of 1/(b+τ).
  const cases: [number, number, number, number, number, number, number, number, number][] = [
    [10.58, 11.66, 26.55, 1.6, 30.86, 31, -106.89187357042036, 3.7259072462915763, 0.023480320893291537],
    [10.58, 11.66, 0.55, 1.6, 0, 38.86, -3.1360206895580727, 2.9273017573694404, 0.05412143603930293],
    [0.008, 2.82, 60.465, 4.05, 4, 37, -94.45512508211829, 1.4044535393028499, 0.1452390570663781],
    [1e-6, 50, 0.3, 1.5, 0, 1000, -2.6626811694693013, 3.344739687827054, 0.011373833233195924],
    [50, 1e-6, 0.3, 1.5, 0, 1000, 6.427190020538499, 3.912236375963374, 333368.5103154159],
    [100, 100, 200, 300, 0, 100000.0, -2304.192528903816, 4.607174194004283, 0.009979999999998405],
    [5, 2000, 0.2, 700, 0, 1000, -5319.980623567141, 1.9916321482123334, 0.0004993270572868023],
    [3, 3.0000001, 2.5, 1.2, 5, 5.0000001, -23.8120293904944, 2.079441547929836, 0.12499999765625006],
    [10000.0, 2, 30, 0.7, 0, 52, -274.4264714096548, 9.212029440448402, 0.11801587098866045],
    [0.5, 400, 1.0, 0.01, 0, 90, 1.5880566550024375, 1.9054427732393804, 0.0024054710450116543],
  ];
  const moments = new Float64Array(14);
  for (const [a, b, p, q, from, to, log, meanLog, meanInverse] of cases) {
    const where = `${a} ${b} ${p} ${q} ${from} ${to}`;
    expect(Math.abs(logDecayIntegral(a, b, p, q, from, to, moments, true) - log), where).toBeLessThan(1e-11 + 2e-15 * Math.abs(log));
    expect(Math.abs(moments[0]! - meanLog), where).toBeLessThan(1e-10 * (1 + Math.abs(meanLog)));
    expect(Math.abs(moments[3]! / meanInverse - 1), where).toBeLessThan(1e-10);
    // The integral is the same with its two factors exchanged, and so are the moments.
    const exchanged = new Float64Array(14);
    expect(logDecayIntegral(b, a, q, p, from, to, exchanged, true)).toBeCloseTo(log, 9);
    for (const [one, other] of [
      [0, 2],
      [1, 3],
      [4, 11],
      [5, 12],
      [6, 6],
      [7, 9],
      [8, 13],
      [10, 10],
    ] as const) {
      expect(Math.abs(moments[one]! - exchanged[other]!)).toBeLessThan(1e-9 * (1 + Math.abs(moments[one]!)));
    }
  }
});

test('nothing to integrate over', () => {
  expect(logDecayIntegral(1, 2, 3, 4, 5, 5)).toBe(Number.NEGATIVE_INFINITY);
});
