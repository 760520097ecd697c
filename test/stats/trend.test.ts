import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '#stats/random.ts';
import { growth, kendall, theilSen } from '#stats/trend.ts';

/** An order of 1..n with the given number of inversions. */
function withInversions(n: number, inversions: number): number[] {
  const order: number[] = [];
  let left = inversions;
  for (let value = n; value >= 1; value--) {
    const place = Math.min(left, order.length);
    order.splice(place, 0, value);
    left -= place;
  }
  return order;
}

test("Kendall's exact tail as tabulated (Gilbert 1987, A18)", () => {
  const cases: [number, number, number][] = [
    [4, 6, 0.042],
    [5, 8, 0.042],
    [5, 10, 0.0083],
    [10, 21, 0.036],
    [10, 23, 0.023],
    [10, 45, 0.00000028],
  ];
  for (const [n, s, tail] of cases) {
    const found = kendall(withInversions(n, ((n * (n - 1)) / 2 - s) / 2))!;
    expect(found.s).toBe(s);
    expect(Math.abs(found.p / 2 - tail)).toBeLessThan(tail * 0.025);
  }
});

test('ties by hand', () => {
  const found = kendall([1, 2, 2, 3, 5])!;
  expect(found.s).toBe(9);
  expect(found.variance).toBeCloseTo(47 / 3, 10);
  expect(found.tau).toBeCloseTo(9 / Math.sqrt(90), 12);
});

test('slope of a line with a wild point', () => {
  const found = theilSen([0, 2, 4, 6, 800, 10, 12, 14])!;
  expect(found).toMatchObject({ slope: 2, low: 2, n: 8 });
  expect(theilSen([5, 3, 1], [10, 20, 30])!.slope).toBeCloseTo(-0.2, 12);
});

test('short, constant and broken', () => {
  expect(theilSen([1, 2])).toBeNull();
  expect(theilSen([1, 2, 3], [7, 7, 7])).toBeNull();
  expect(theilSen([4, 4, 4, 4])).toMatchObject({ slope: 0, low: 0, high: 0, tau: null, p: 1 });
  expect(() => theilSen([1, 2, Number.NaN])).toThrow('values[2]');
});

test('coverage of the slope at 95%, and false trends in noise', () => {
  let [inside, called] = [0, 0];
  for (let i = 0; i < 600; i++) {
    const r = random(i, 'slope');
    const noise = Array.from({ length: 26 }, r.normal);
    const found = theilSen(noise.map((value, t) => value + 0.1 * t))!;
    if (found.low <= 0.1 && found.high >= 0.1) inside++;
    if (kendall(noise)!.p < 0.05) called++;
  }
  expect(Math.abs(inside / 600 - 0.95)).toBeLessThan(0.03);
  expect(Math.abs(called / 600 - 0.05)).toBeLessThan(0.025);
});

test('growth against 30 digits', () => {
  const found = growth([110, 130, 90, 160], [100, 120, 95, 130])!;
  expect(found.value).toBeCloseTo(0.101123595505618, 13);
  expect(found.dispersion).toBeCloseTo(0.651174501844627, 12);
  expect(found.logSe).toBeCloseTo(0.0624707591126247, 13);
});

test('growth: weekly peaks shared by both years do not widen it; coverage at 95%', () => {
  let inside = 0;
  for (let i = 0; i < 800; i++) {
    const r = random(i, 'growth');
    const weeks = Array.from({ length: 13 }, (_, t) => 400 * (1 + (t % 3)));
    const year = (factor: number) => weeks.map((week) => week * factor * r.gamma(100) * 0.01);
    const found = growth(year(1.2), year(1))!;
    if (found.low <= 0.2 && found.high >= 0.2) inside++;
  }
  expect(Math.abs(inside / 800 - 0.95)).toBeLessThan(0.03);
});

test('growth: too short, negative, nothing', () => {
  expect(growth([1, 2], [1, 2])).toBeNull();
  expect(growth([1, 2, -1], [1, 2, 3])).toBeNull();
  expect(growth([1, 2, 3], [0, 0, 0])).toBeNull();
  expect(growth([1, 2, 3], [1, 2, 3])).toMatchObject({ value: 0, p: 1 });
  expect(growth([2, 4, 6], [1, 2, 3])).toMatchObject({ value: 1, dispersion: 0 });
});

test('growth back is the inverse of growth', () => {
  const weeks = fc.array(fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 })), { minLength: 3, maxLength: 30 });
  fc.assert(
    fc.property(weeks, (pairs) => {
      const now = pairs.map(([a]) => a);
      const before = pairs.map(([, b]) => b);
      const there = growth(now, before)!;
      const back = growth(before, now)!;
      expect((1 + there.value) * (1 + back.value)).toBeCloseTo(1, 10);
      expect(there.low <= there.value && there.value <= there.high).toBe(true);
      expect(back.p).toBeCloseTo(there.p, 10);
    }),
  );
});
