import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaParts, betaQuantileParts } from '#stats/beta.ts';
import {
  betaQuantile,
  binomialTails,
  chiSquareQuantile,
  chiSquareUpper,
  fUpper,
  normalCdf,
  normalQuantile,
  normalTwoSided,
  poissonTails,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from '#stats/distribution.ts';
import { gammaParts, gammaQuantile, logGamma } from '#stats/gamma.ts';

// Arguments, then the value computed at 34 digits with mpmath's series.
const tables: [string, (...args: number[]) => number, number[][]][] = [
  [
    'logGamma',
    (x) => logGamma(x!),
    [
      [1e-5, 11.512919692895826],
      [0.1, 2.252712651734206],
      [0.5, 0.5723649429247001],
      [1.5, -0.12078223763524522],
      [2.5, 0.2846828704729192],
      [7.3, 7.147892523022248],
      [14.9, 24.924132002217277],
      [15.1, 25.458999750992664],
      [100, 359.1342053695754],
      [12345.6, 103959.18506616846],
    ],
  ],
  [
    'normalCdf',
    (z) => normalCdf(z!),
    [
      [-37, 5.725571222524577e-300],
      [-10, 7.619853024160525e-24],
      [-3, 0.0013498980316300946],
      [-1.96, 0.024997895148220435],
      [-0.1, 0.460172162722971],
      [0, 0.5],
      [0.5, 0.6914624612740131],
      [1.5, 0.9331927987311419],
      [4, 0.9999683287581669],
    ],
  ],
  [
    'normalQuantile',
    (p) => normalQuantile(p!),
    [
      [1e-10, -6.361340902404057],
      [0.001, -3.0902323061678136],
      [0.025, -1.9599639845400543],
      [0.2, -0.8416212335729142],
      [0.5, 0.0],
      [0.77, 0.7388468491852137],
      [0.975, 1.9599639845400538],
      [0.9999, 3.7190164854557084],
    ],
  ],
  [
    'studentTwoSided',
    (t, df) => studentTwoSided(t!, df!),
    [
      [0.3, 1, 0.8144528418445153],
      [2, 3.5, 0.12613852257591354],
      [12.7062047361747, 1, 0.050000000000000024],
      [2.5, 30, 0.018115649068066696],
      [8, 10, 1.177494278966616e-5],
      [1.96, 1000, 0.05027318495574872],
    ],
  ],
  [
    'studentQuantile',
    (p, df) => studentQuantile(p!, df!),
    [
      [0.975, 1, 12.706204736174694],
      [0.975, 2, 4.302652729749462],
      [0.975, 5, 2.5705818356363146],
      [0.995, 3.3, 5.344306069721078],
      [0.9, 10, 1.3721836411103359],
      [0.975, 30, 2.0422724563012378],
      [0.975, 120, 1.9799304050824404],
      [0.999999, 4, 41.5778541501515],
      [0.975, 2000, 1.9611508260994377],
    ],
  ],
  [
    'chiSquareUpper',
    (x, df) => chiSquareUpper(x!, df!),
    [
      [3.841, 1, 0.0500136837639567],
      [0.01, 1, 0.920344325445942],
      [18.307, 10, 0.05000058909139812],
      [100, 50, 3.454931382984864e-5],
      [500, 20, 2.91026687302731e-93],
      [1000.5, 1000, 0.48959449422998],
    ],
  ],
  [
    'chiSquareQuantile',
    (p, df) => chiSquareQuantile(p!, df!),
    [
      [0.95, 1, 3.8414588206941245],
      [0.001, 2, 0.002001000667167067],
      [0.5, 7, 6.3458111955215175],
      [0.99, 100, 135.80672317102676],
      [0.025, 0.5, 5.273202591259994e-7],
      [0.975, 300, 349.87446882991526],
    ],
  ],
  [
    'fUpper',
    (x, a, b) => fUpper(x!, a!, b!),
    [
      [3.5, 2, 10, 0.07042962777237426],
      [1.2, 30, 40, 0.2917689549872546],
      [10, 5, 3, 0.043418655665730034],
      [0.2, 4, 9, 0.9320788953175303],
      [25, 3, 60, 1.2846184948663014e-10],
    ],
  ],
  [
    'betaLower',
    (x, a, b) => betaParts(x!, a!, b!).lower,
    [
      [0.3, 2, 5, 0.5798249999999999],
      [0.001, 0.1, 3, 0.5787660330857356],
      [0.5, 0.5, 0.5, 0.5],
      [0.02, 120, 5000, 0.04637680573418767],
      [0.9, 3, 0.2, 0.19414127962989722],
      [0.121, 1200, 9000, 0.8532138045675407],
    ],
  ],
  [
    'betaQuantile',
    (p, a, b) => betaQuantile(p!, a!, b!),
    [
      [0.025, 2, 5, 0.043271868292741676],
      [0.975, 2, 5, 0.6412345789976748],
      [0.5, 0.5, 0.5, 0.5],
      [0.01, 0.5, 2, 4.444576138515904e-5],
      [0.999, 300, 12, 0.9868538556970162],
      [0.025, 0.25, 30, 8.899523908785608e-9],
      [0.975, 51, 1951, 0.03281143143158881],
      [0.3, 1200, 9000, 0.1159561658469638],
    ],
  ],
];

describe('against 34 digits', () => {
  for (const [name, f, rows] of tables) {
    test(name, () => {
      for (const row of rows) {
        const expected = row.at(-1)!;
        expect(Math.abs(f(...row.slice(0, -1)) - expected), `${name}(${row.slice(0, -1)})`).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
      }
    });
  }
});

const chance = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });

test('quantiles undo the distribution', () => {
  fc.assert(
    fc.property(chance, shape, shape, (p, a, b) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
      expect(studentCdf(studentQuantile(p, a + 0.2), a + 0.2)).toBeCloseTo(p, 11);
      expect(gammaParts(a, gammaQuantile(p, a)).p).toBeCloseTo(p, 11);
      const { x, y } = betaQuantileParts(p, a, b);
      if (x > 1e-300 && y > 1e-300) expect(betaParts(x, a, b, y).lower).toBeCloseTo(p, 11);
    }),
  );
});

test('tails are probabilities, complementary, mirrored and monotone', () => {
  fc.assert(
    fc.property(chance, shape, shape, chance, (x, a, b, other) => {
      const here = betaParts(x, a, b);
      expect(here.lower + here.upper).toBeCloseTo(1, 13);
      expect(betaParts(1 - x, b, a, x).upper).toBeCloseTo(here.lower, 11);
      expect(here.lower >= 0 && here.upper >= 0).toBe(true);
      const there = betaParts(other, a, b);
      if (other > x) expect(there.lower).toBeGreaterThanOrEqual(here.lower - 1e-13);
    }),
  );
});

test('binomial and Poisson tails equal sums of their terms', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (n, k, p) => {
      let lower = 0;
      let term = (1 - p) ** n;
      for (let i = 0; i <= Math.min(k, n); i++) {
        lower += term;
        term *= ((n - i) / (i + 1)) * (p / (1 - p));
      }
      expect(binomialTails(k, n, p).lower).toBeCloseTo(Math.min(1, lower), 9);
      expect(binomialTails(k, n, p).upper + binomialTails(k - 1, n, p).lower).toBeCloseTo(1, 12);
      let poisson = 0;
      let event = Math.exp(-n * p);
      for (let i = 0; i <= k; i++) {
        poisson += event;
        event *= (n * p) / (i + 1);
      }
      expect(poissonTails(k, n * p).lower).toBeCloseTo(poisson, 11);
      expect(poissonTails(k, n * p).upper + poissonTails(k - 1, n * p).lower).toBeCloseTo(1, 12);
    }),
  );
});

test('ends and nonsense', () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalTwoSided(0)).toBe(1);
  expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 14);
  expect(studentTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(betaQuantile(1, 2, 3)).toBe(1);
  expect(chiSquareUpper(-1, 3)).toBe(1);
  expect(() => normalQuantile(1.1)).toThrow('normalQuantile: expected p from 0 to 1, found 1.1');
  expect(() => studentQuantile(0.5, 0)).toThrow(RangeError);
  expect(() => betaQuantile(0.5, Number.NaN, 1)).toThrow(RangeError);
  expect(() => logGamma(0)).toThrow(RangeError);
  expect(() => gammaParts(1, Number.NaN)).toThrow(RangeError);
});
