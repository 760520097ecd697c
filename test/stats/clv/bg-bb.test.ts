import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BgBb, bgBb, bgBbLikelihood, bgBbLog, bgBbThrough, fitBgBb } from '#stats/clv/bg-bb.ts';
import { compress } from '#stats/clv/compress.ts';
import { logGamma } from '#stats/gamma.ts';
import { type Random, random } from '#stats/random.ts';

const model = (alpha: number, beta: number, gamma: number, delta: number): BgBb => ({ alpha, beta, gamma, delta });
const published = model(1.204, 0.75, 0.657, 2.783);

/** 11,104 donors in six years: x, t_x, how many (Fader, Hardie & Shang 2010, table 1), and ln L at the published parameters. */
const donations: [number, number, number, number][] = [
  [6, 6, 1203, -2.182248448],
  [5, 6, 728, -4.295124765],
  [4, 6, 512, -5.384936538],
  [3, 6, 357, -5.809372079],
  [2, 6, 234, -5.652016269],
  [1, 6, 129, -4.884145542],
  [5, 5, 335, -3.716999307],
  [4, 5, 284, -5.095675639],
  [3, 5, 225, -5.615894746],
  [2, 5, 173, -5.506584593],
  [1, 5, 119, -4.767622683],
  [4, 4, 240, -3.848303519],
  [3, 4, 181, -5.059307947],
  [2, 4, 155, -5.195697601],
  [1, 4, 78, -4.570990414],
  [3, 3, 322, -3.527345169],
  [2, 3, 255, -4.51606663],
  [1, 3, 129, -4.224770872],
  [2, 2, 613, -3.011787922],
  [1, 2, 277, -3.588050933],
  [1, 1, 1091, -2.288531686],
  [0, 0, 3464, -1.167262473],
];
const histories = {
  x: donations.map(([x]) => x),
  tx: donations.map(([, tx]) => tx),
  T: donations.map(() => 6),
  weight: donations.map(([, , count]) => count),
};

describe('donations', () => {
  test('published fit (lifetimes test_estimation.py, BTYD)', () => {
    const found = fitBgBb(histories);
    expect(found.customers).toBe(11_104);
    expect(found.degenerate).toEqual([]);
    expect(found.logLikelihood).toBeCloseTo(-33225.5812, 3);
    expect(found.parameters.alpha).toBeCloseTo(1.2035, 3);
    expect(found.parameters.beta).toBeCloseTo(0.7497, 3);
    expect(found.parameters.gamma).toBeCloseTo(0.6568, 3);
    expect(found.parameters.delta).toBeCloseTo(2.7838, 2);
    // Expected donors with no and with six repeat donations, at the unrounded parameters.
    expect(11_104 * bgBb.countNew(found.parameters, 6, 0)).toBeCloseTo(3454.9, 1);
    expect(11_104 * bgBb.countNew(found.parameters, 6, 6)).toBeCloseTo(1253.1, 1);
  });

  test('each donor: ln L (Hardie, note 010; pymc-marketing test_logp_matches_excel; mpmath)', () => {
    for (const [x, tx, , log] of donations) expect(bgBbLog(published, x, tx, 6)).toBeCloseTo(log, 8);
  });

  test('P(alive) (BTYD man/bgbb.PAlive.Rd; Fader, Hardie & Shang 2010, table 6)', () => {
    const p = model(1.2, 0.75, 0.66, 2.78);
    expect(bgBb.alive(p, 3, 4, 6)).toBeCloseTo(0.4383438546, 9);
    const chances = [0.06918809185, 0.2537956261, 0.4800891315, 0.6792477777, 0.8273863025, 0.9300847458];
    for (const [i, chance] of chances.entries()) expect(bgBb.alive(p, 1, i + 1, 6)).toBeCloseTo(chance, 9);
    expect(bgBb.alive(published, 0, 0, 6)).toBeCloseTo(0.1080165842, 9);
    expect(bgBb.alive(published, 2, 4, 6)).toBeCloseTo(0.5895141164, 9);
    expect(bgBb.alive(published, 6, 6, 6)).toBeCloseTo(0.9304025424, 9);
  });

  test('total expected donations of the next five years (BTYD, 12,882.27 at rounded parameters)', () => {
    const total = donations.reduce((sum, [x, tx, count]) => sum + count * bgBb.expected(published, x, tx, 6, 5), 0);
    expect(total).toBeCloseTo(12_882.27, 1);
  });
});

test('extreme histories against sums of beta functions at 50 digits (mpmath)', () => {
  expect(bgBbLog(model(1.2, 0.75, 0.66, 2.78), 0, 0, 2000)).toBeCloseTo(-1.2422196260609, 11);
  expect(bgBbLog(model(0.01, 30, 5, 0.02), 3, 10, 500)).toBeCloseTo(-28.058628262532, 10);
  expect(bgBbLog(model(20, 1, 0.001, 400), 300, 300, 365)).toBeCloseTo(-16.228860513506, 9);
});

/** ∫∫ of f over both beta densities, by the trapezium rule in both logits. */
function mixture(p: BgBb, f: (chance: number, dropout: number) => number): number {
  const step = 0.25;
  const axis = (a: number, b: number) => {
    const points: [number, number][] = [];
    const front = logGamma(a + b) - logGamma(a) - logGamma(b);
    for (let u = -35 / a; u < 35 / b; u += step) {
      const log = Math.log1p(Math.exp(-Math.abs(u)));
      const logX = u > 0 ? -log : u - log;
      points.push([Math.exp(logX), step * Math.exp(front + a * logX + b * (logX - u))]);
    }
    return points;
  };
  const dropouts = axis(p.gamma, p.delta);
  let sum = 0;
  for (const [chance, w] of axis(p.alpha, p.beta)) for (const [dropout, v] of dropouts) sum += w * v * f(chance, dropout);
  return sum;
}

test.each([
  [model(1.3, 2, 0.8, 3), 2, 4, 7, 5],
  [model(1.3, 2, 0.8, 3), 0, 0, 6, 3],
  [model(3, 5, 2, 9), 5, 5, 5, 10],
])('against the mixture, integrated numerically: %o, x %d, t_x %d, n %d, %d ahead', (p, x, tx, n, ahead) => {
  const bought = (c: number) => c ** x * (1 - c) ** (tx - x);
  const active = (c: number, d: number) => bought(c) * (1 - c) ** (n - tx) * (1 - d) ** n;
  const either = (c: number, d: number) => {
    let sum = active(c, d);
    for (let m = tx; m < n; m++) sum += bought(c) * (1 - c) ** (m - tx) * d * (1 - d) ** m;
    return sum;
  };
  const likelihood = mixture(p, either);
  expect(bgBbLog(p, x, tx, n)).toBeCloseTo(Math.log(likelihood), 9);
  expect(bgBb.alive(p, x, tx, n)).toBeCloseTo(mixture(p, (c, d) => active(c, d) * (1 - d)) / likelihood, 9);
  const mean = (c: number, d: number) => (c * (1 - d) * (1 - (1 - d) ** ahead)) / d;
  expect(bgBb.expectedNew(p, ahead)).toBeCloseTo(mixture(p, mean), 8);
  expect(bgBb.expected(p, x, tx, n, ahead)).toBeCloseTo(mixture(p, (c, d) => active(c, d) * mean(c, d)) / likelihood, 8);
  const choose = (m: number, k: number) => Math.exp(logGamma(m + 1) - logGamma(k + 1) - logGamma(m - k + 1));
  const count = (c: number, d: number, k: number) => {
    let sum = choose(ahead, k) * c ** k * (1 - c) ** (ahead - k) * (1 - d) ** ahead;
    for (let m = k; m < ahead; m++) sum += choose(m, k) * c ** k * (1 - c) ** (m - k) * d * (1 - d) ** m;
    return sum;
  };
  for (const k of [0, 1, 2]) {
    expect(bgBb.countNew(p, ahead, k)).toBeCloseTo(
      mixture(p, (c, d) => count(c, d, k)),
      9,
    );
    const later = mixture(p, (c, d) => active(c, d) * count(c, d, k)) / likelihood + (k === 0 ? 1 - bgBbThrough(p, x, tx, n) : 0);
    expect(bgBb.count(p, x, tx, n, ahead, k)).toBeCloseTo(later, 9);
    if (k === 0) expect(bgBb.any(p, x, tx, n, ahead)).toBeCloseTo(1 - later, 9);
  }
});

const positive = (low: number, high: number) => fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
const parameters = fc
  .tuple(positive(1e-4, 1e4), positive(1e-4, 1e4), positive(1e-4, 1e4), positive(1e-4, 1e4))
  .map(([alpha, beta, gamma, delta]) => model(alpha, beta, gamma, delta));
const history = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, late, often]) => {
    const tx = Math.floor(n * late);
    const x = tx === 0 ? 0 : Math.max(1, Math.floor(tx * often));
    return { x, tx, n };
  });

test('finite everywhere, probabilities in [0, 1], expectations coherent', () => {
  fc.assert(
    fc.property(parameters, history, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (p, { x, tx, n }, ahead, k) => {
      const log = bgBbLog(p, x, tx, n);
      expect(Number.isFinite(log)).toBe(true);
      expect(log).toBeLessThanOrEqual(1e-9);
      const through = bgBbThrough(p, x, tx, n);
      const chances = [
        through,
        bgBb.alive(p, x, tx, n),
        bgBb.any(p, x, tx, n, ahead),
        bgBb.count(p, x, tx, n, ahead, k),
        bgBb.countNew(p, ahead, k),
      ];
      for (const chance of chances) {
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }
      const expected = bgBb.expected(p, x, tx, n, ahead);
      expect(expected).toBeLessThanOrEqual(through * ahead);
      expect(bgBb.any(p, x, tx, n, ahead)).toBeLessThanOrEqual(expected + 1e-12);
    }),
    { numRuns: 400, seed: 8 },
  );
});

test('all orders of purchases add up to 1, and P(x) to 1 and to the expectation', () => {
  const n = 8;
  let total = 0;
  for (let order = 0; order < 1 << n; order++) {
    let x = 0;
    let tx = 0;
    for (let i = 0; i < n; i++) {
      if ((order >> i) & 1) {
        x++;
        tx = i + 1;
      }
    }
    total += Math.exp(bgBbLog(published, x, tx, n));
  }
  expect(total).toBeCloseTo(1, 12);
  let sum = 0;
  let mean = 0;
  for (let x = 0; x <= 60; x++) {
    sum += bgBb.countNew(published, 60, x);
    mean += x * bgBb.countNew(published, 60, x);
  }
  expect(sum).toBeCloseTo(1, 12);
  expect(mean).toBeCloseTo(bgBb.expectedNew(published, 60), 10);
});

test('long horizons: closed form and sum meet, γ = 1 is no hole', () => {
  for (const gamma of [0.5, 0.98, 1, 1.001, 1.02, 4]) {
    const p = model(1.2, 3, gamma, 8);
    let active = 1;
    let sum = 0;
    for (let n = 1; n <= 12_000; n++) {
      active *= (p.delta + n - 1) / (p.gamma + p.delta + n - 1);
      sum += (active * p.alpha) / (p.alpha + p.beta);
      if (n % 4000 === 0) expect(bgBb.expectedNew(p, n) / sum).toBeCloseTo(1, 9);
    }
  }
});

test('gradient and Hessian against differences', () => {
  const rows = compress({ x: [0, 3, 1, 12, 4, 2], tx: [0, 5, 1, 30, 4, 9], T: [6, 6, 40, 30, 4, 10], weight: [9, 2, 1, 1, 3, 2] });
  const f = bgBbLikelihood(rows);
  for (const at of [
    [1.2, 0.75, 0.66, 2.78],
    [0.05, 4, 3, 40],
    [20, 9, 0.02, 0.5],
  ]) {
    const theta = Float64Array.from(at);
    const gradient = new Float64Array(4);
    const hessian = new Float64Array(16);
    f(theta, gradient, hessian);
    for (let k = 0; k < 4; k++) {
      const h = 1e-5 * theta[k]!;
      const [up, down] = [Float64Array.from(theta), Float64Array.from(theta)];
      up[k]! += h;
      down[k]! -= h;
      const [gUp, gDown] = [new Float64Array(4), new Float64Array(4)];
      const slope = (f(up, gUp) - f(down, gDown)) / (2 * h);
      expect(Math.abs(gradient[k]! - slope) * theta[k]!).toBeLessThan(1e-6 * (1 + Math.abs(slope * theta[k]!)));
      for (let j = 0; j < 4; j++) {
        const bend = (gUp[j]! - gDown[j]!) / (2 * h);
        const scale = theta[k]! * theta[j]!;
        expect(Math.abs(hessian[k * 4 + j]! - bend) * scale).toBeLessThan(1e-6 * (1 + Math.abs(bend * scale)));
      }
    }
  }
});

function betaOf(stream: Random, a: number, b: number): number {
  const x = stream.gamma(a);
  return x / (x + stream.gamma(b));
}

test('known parameters come back from simulated customers, in standard errors', () => {
  const truth = model(1.2, 2, 0.8, 6);
  const stream = random(5, 'bg-bb');
  const size = 30_000;
  const rows = { x: new Float64Array(size), tx: new Float64Array(size), T: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    const chance = betaOf(stream, truth.alpha, truth.beta);
    const dropout = betaOf(stream, truth.gamma, truth.delta);
    rows.T[i] = 5 + stream.integer(8);
    for (let at = 1; at <= rows.T[i]! && stream.uniform() >= dropout; at++) {
      if (stream.uniform() >= chance) continue;
      rows.x[i]!++;
      rows.tx[i] = at;
    }
  }
  const found = fitBgBb(rows);
  expect(found.degenerate).toEqual([]);
  for (const name of ['alpha', 'beta', 'gamma', 'delta'] as const) {
    expect(Math.abs(found.parameters[name] - truth[name]) / found.standardErrors[name]!, name).toBeLessThan(3);
  }
});

test('draws have the mean and the chances of what they are drawn from', () => {
  const stream = random(6, 'draws');
  const n = 40_000;
  let sum = 0;
  let some = 0;
  for (let i = 0; i < n; i++) {
    const count = bgBb.draw(published, 2, 4, 6, 5, stream);
    sum += count;
    if (count > 0) some++;
  }
  expect(Math.abs(sum / n - bgBb.expected(published, 2, 4, 6, 5))).toBeLessThan(0.03);
  expect(Math.abs(some / n - bgBb.any(published, 2, 4, 6, 5))).toBeLessThan(0.01);
  expect(bgBb.draw(published, 2, 4, 6, 0, stream)).toBe(0);
});

test('errors name what is wrong', () => {
  expect(() => bgBbLog(model(1, 1, -1, 1), 0, 0, 1)).toThrow(/^gamma: expected a positive/);
  expect(() => bgBbLog(published, 3, 2, 6)).toThrow(/^x: expected at most one purchase an opportunity/);
  expect(() => bgBbLog(published, 1, 1.5, 6)).toThrow(/^tx: expected the whole number/);
  expect(() => bgBbLog(published, 1, 1, 6.5)).toThrow(/^n: expected a whole number/);
  expect(() => bgBbLog(published, 1, 7, 6)).toThrow(/^tx: expected at most T/);
  expect(() => bgBb.expected(published, 1, 1, 6, 2.5)).toThrow(/^t: expected a whole number/);
  expect(() => fitBgBb({ x: [2, 1, 0], tx: [2, 1.2, 0], T: [3, 3, 3] })).toThrow(/row 1/);
  expect(() => fitBgBb({ x: [0], tx: [0], T: [3] })).toThrow(/no customer bought again/);
});
