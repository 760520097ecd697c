import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAssignment, sampleRatio } from '#stats/experiment/assignment.ts';

test('sample ratio as in scipy’s chisquare', () => {
  const even = sampleRatio([5000, 5200])!;
  expect(even.chiSquare).toBeCloseTo(3.9215686274509802, 12);
  expect(even.p).toBeCloseTo(0.0476703806561615, 12);
  expect(even.isMismatch).toBe(false);
  const three = sampleRatio([900, 100, 1100])!;
  expect(three.chiSquare).toBeCloseTo(800, 10);
  expect(three.df).toBe(2);
  expect(three.isMismatch).toBe(true);
  expect(sampleRatio([900, 100], [9, 1])).toMatchObject({ chiSquare: 0, p: 1, expected: [900, 100] });
  expect(sampleRatio([0, 0])).toBeNull();
  expect(() => sampleRatio([5])).toThrow('counts: expected two arms or more, found 1');
  expect(() => sampleRatio([5, 6], [1])).toThrow('plan: expected 2 shares, found 1');
  expect(() => sampleRatio([5, 6], [1, 0])).toThrow('plan[1]: expected a positive share, found 0');
});

const row = (customer_id: string, arm: string) => ({ customer_id, arm });

test('rows as they come: blanks, strangers, repeats, and customers in two arms', () => {
  const rows = [
    row('1', 'offer'),
    row(' 2 ', 'control'),
    row('1', 'offer'),
    row('3', 'offer'),
    row('3', 'control'),
    row('', 'offer'),
    row('9', 'offer'),
    row('4', ''),
  ];
  const found = readAssignment(rows, { isKnown: (id) => id !== '9' });
  expect(found.arms).toEqual(['control', 'offer']);
  expect(Object.fromEntries(found.armOf)).toEqual({ 1: 1, 2: 0 });
  expect(found).toMatchObject({ counts: [1, 1], left: { blank: 2, unknown: 1, crossed: 2 }, repeated: 1 });
  expect(found.ratio!.p).toBe(1);
});

test('a plan fixes the arms and their order', () => {
  const plan = { treated: 9, holdout: 1 };
  const found = readAssignment([row('1', 'treated')], { plan });
  expect(found).toMatchObject({ arms: ['treated', 'holdout'], counts: [1, 0] });
  expect(found.ratio!.expected[0]).toBeCloseTo(0.9, 12);
  expect(() => readAssignment([row('1', 'Treated')], { plan })).toThrow('arm: expected one of treated, holdout, found "Treated"');
  expect(readAssignment([], { plan }).ratio).toBeNull();
  expect(readAssignment([row('1', 'toString')]).arms).toEqual(['toString']);
  expect(() => readAssignment([row('1', 'toString')], { plan })).toThrow('arm');
});

test('each row is counted once', () => {
  const id = fc.constantFrom('', '1', '2', '3', '4');
  fc.assert(
    fc.property(fc.array(fc.record({ customer_id: id, arm: fc.constantFrom('', 'a', 'b') })), (rows) => {
      const { counts, left, repeated, armOf } = readAssignment(rows, { isKnown: (known) => known !== '4' });
      const counted = counts.reduce((a, b) => a + b, 0);
      expect(counted).toBe(armOf.size);
      expect(counted + left.blank + left.unknown + left.crossed + repeated).toBe(rows.length);
    }),
  );
});
