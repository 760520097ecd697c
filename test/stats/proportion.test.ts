import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareProportions, proportion } from '#stats/proportion.ts';

test('Wilson interval of Newcombe 1998, table I', () => {
  const cases: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [successes, n, low, high] of cases) {
    const found = proportion(successes, n)!;
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  }
});

test('two shares: the z of 120 and 150 in 1000, and the difference of 56/70 and 48/80 in Newcombe 1998, table II', () => {
  const test = compareProportions({ successes: 120, n: 1000 }, { successes: 150, n: 1000 })!;
  expect(test.z).toBeCloseTo(1.963, 4);
  expect(test.p).toBeCloseTo(0.04964, 5);
  expect(test.difference).toBeCloseTo(0.03, 12);
  const newcombe = compareProportions({ successes: 48, n: 80 }, { successes: 56, n: 70 })!;
  expect(newcombe.low).toBeCloseTo(0.0524, 4);
  expect(newcombe.high).toBeCloseTo(0.3339, 4);
});

test('nothing observed is null, nonsense is named, all or none has no NaN', () => {
  expect(proportion(0, 0)).toBeNull();
  expect(compareProportions({ successes: 0, n: 0 }, { successes: 1, n: 2 })).toBeNull();
  expect(compareProportions({ successes: 0, n: 5 }, { successes: 0, n: 9 })).toMatchObject({ difference: 0, z: 0, p: 1 });
  expect(() => proportion(3, 2)).toThrow('successes: expected at most n (2), found 3');
  expect(() => proportion(0.5, 2)).toThrow(RangeError);
  expect(() => proportion(1, 2, 1)).toThrow('level');
});

test('bounds hold; swapping sides mirrors', () => {
  const share = fc.nat(500).chain((n) => fc.record({ n: fc.constant(n + 1), successes: fc.nat(n + 1) }));
  fc.assert(
    fc.property(share, share, (a, b) => {
      const one = proportion(a.successes, a.n)!;
      expect(0 <= one.low && one.low <= one.value && one.value <= one.high && one.high <= 1).toBe(true);
      const there = compareProportions(a, b)!;
      const back = compareProportions(b, a)!;
      expect(back.low).toBeCloseTo(-there.high, 12);
      expect(back.z).toBeCloseTo(-there.z, 12);
      expect(there.p).toBeGreaterThanOrEqual(0);
      expect(there.low).toBeGreaterThanOrEqual(-1);
    }),
  );
});
