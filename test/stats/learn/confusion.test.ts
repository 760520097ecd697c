import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusion } from '#stats/learn/confusion.ts';
import { compareKappa, kappa } from '#stats/learn/kappa.ts';
import { sayings } from './fixture.ts';

const { actual, a, b } = sayings();

describe('confusion', () => {
  it('equals scikit-learn’s', () => {
    const found = confusion(actual, a, 3);
    expect(found.counts).toEqual([
      [75, 14, 17],
      [12, 69, 17],
      [10, 20, 66],
    ]);
    [0.7731958763, 0.6699029126, 0.66].forEach((precision, c) => {
      expect(found.classes[c]!.precision!.value).toBeCloseTo(precision, 9);
    });
    [0.7075471698, 0.7040816327, 0.6875].forEach((recall, c) => {
      expect(found.classes[c]!.recall!.value).toBeCloseTo(recall, 9);
    });
    [0.7389162562, 0.6865671642, 0.6734693878].forEach((f1, c) => {
      expect(found.classes[c]!.f1).toBeCloseTo(f1, 9);
    });
    expect(found.accuracy!.value).toBeCloseTo(0.7, 12);
    expect(found.majority).toBeCloseTo(106 / 300, 12);
  });

  it('has no precision for what is never said, and no rows without rows', () => {
    const found = confusion([0, 1], [0, 0], 3);
    expect(found.classes.map(({ precision }) => precision?.value ?? null)).toEqual([0.5, null, null]);
    expect(found.classes[2]).toMatchObject({ actual: 0, predicted: 0, recall: null, f1: null });
    expect(found.classes[1]).toMatchObject({ recall: { value: 0 }, f1: null });
    expect(confusion([], [], 2)).toMatchObject({ n: 0, accuracy: null, majority: null });
    expect(() => confusion([0, 1], [0, 2], 2)).toThrow('y[1]');
  });
});

describe('kappa', () => {
  const { counts } = confusion(actual, a, 3);
  it.each([
    ['equal', 0.5501799280287885, 0.03961342981904147],
    ['linear', 0.5608987189751802, 0.04191225181101914],
    ['quadratic', 0.5716432865731463, 0.04940111988520284],
  ] as const)('%s: value of scikit-learn, error of statsmodels', (disagreement, value, se) => {
    const found = kappa(counts, disagreement)!;
    expect(found.value).toBeCloseTo(value, 12);
    expect(found.high - found.value).toBeCloseTo(1.959963984540054 * se, 9);
  });

  it('compares two sayings about the same rows', () => {
    const found = compareKappa(actual, b, a, 3)!;
    expect(found.difference).toBeCloseTo(0.5501799280287885 - 0.43055046788104834, 12);
    expect(found.low).toBeLessThan(found.difference);
    expect(compareKappa(actual, a, a, 3)).toMatchObject({ difference: 0, p: 1 });
  });

  it('is at most 1, 1 for the truth itself, near 0 for a saying that knows nothing, null for a single class', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(rows, (given) => {
        const [so, said] = [given.map(([x]) => x), given.map(([, x]) => x)];
        const found = kappa(confusion(so, said, 3).counts);
        if (found) expect(found.value).toBeLessThanOrEqual(1);
        const own = kappa(confusion(so, so, 3).counts);
        if (new Set(so).size > 1) expect(own!.value).toBeCloseTo(1, 12);
        else expect(own).toBeNull();
      }),
    );
    expect(
      kappa([
        [40, 40],
        [10, 10],
      ])!.value,
    ).toBeCloseTo(0, 12);
    expect(
      kappa([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull();
  });
});
