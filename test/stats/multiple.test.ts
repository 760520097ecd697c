import fc from 'fast-check';
import { expect, test } from 'vitest';
import { benjaminiHochberg, holm } from '#stats/multiple.ts';

// Benjamini & Hochberg 1995, section 4.1: 15 p-values of a myocardial infarction study; at q = 0.05 four are called.
const published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];

test('the published example: four called by Benjamini–Hochberg, three by Holm', () => {
  const bh = benjaminiHochberg(published);
  expect(bh.filter((p) => p! <= 0.05)).toHaveLength(4);
  expect(bh[0]).toBeCloseTo(0.0015, 12);
  expect(bh[3]).toBeCloseTo(0.035625, 12);
  expect(bh[4]).toBeCloseTo(0.0603, 12);
  expect(holm(published).filter((p) => p! <= 0.05)).toHaveLength(3);
});

test('literal values, in the order given, nulls left out of the count', () => {
  expect(benjaminiHochberg([0.04, null, 0.01, 0.03]).map((p) => p && Number(p.toFixed(12)))).toEqual([0.04, null, 0.03, 0.04]);
  expect(holm([0.04, null, 0.01, 0.03])).toEqual([0.06, null, 0.03, 0.06]);
  expect(benjaminiHochberg([])).toEqual([]);
  expect(holm([null])).toEqual([null]);
  expect(() => holm([0.1, Number.NaN])).toThrow('p[1]: expected a number from 0 to 1, found NaN');
});

test('adjusted is never below raw, keeps the order of raw, and Holm is never below Benjamini–Hochberg', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (p) => {
      const bh = benjaminiHochberg(p) as number[];
      const h = holm(p) as number[];
      p.forEach((raw, i) => {
        expect(bh[i]).toBeGreaterThanOrEqual(raw * (1 - 1e-14));
        expect(h[i]).toBeGreaterThanOrEqual(bh[i]! * (1 - 1e-14));
        expect(h[i]).toBeLessThanOrEqual(1);
        p.forEach((other, j) => {
          if (raw < other) expect(bh[i]).toBeLessThanOrEqual(bh[j]!);
        });
      });
    }),
  );
});
