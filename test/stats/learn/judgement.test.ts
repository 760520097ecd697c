import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, compareAuc } from '#stats/learn/auc.ts';
import { calibrationGroups, calibrationLine } from '#stats/learn/calibration.ts';
import { capturedAmount, liftAt } from '#stats/learn/lift.ts';
import { brier, logLoss } from '#stats/learn/loss.ts';
import { statements } from './fixture.ts';

const { a, b, y } = statements();

describe('auc', () => {
  it('equals scikit-learn’s, with the variance of DeLong by its definition', () => {
    const found = auc(a, y)!;
    expect(found.value).toBeCloseTo(0.8587912607585358, 12);
    const half = (1.959963984540054 * Math.sqrt(0.00039538780027679815)) / (found.value * (1 - found.value));
    expect(Math.log(found.high / (1 - found.high)) - Math.log(found.value / (1 - found.value))).toBeCloseTo(half, 9);
    expect(auc(b, y)!.value).toBeCloseTo(0.6817837888962451, 12);
  });

  it('compares two scores of the same rows', () => {
    const test = compareAuc(a, b, y)!;
    expect(test.difference).toBeCloseTo(-0.1770074718622907, 12);
    expect(test.z).toBeCloseTo(-5.442706628617169, 8);
    expect(test.high - test.difference).toBeCloseTo(1.959963984540054 * 0.03252195716954582, 9);
    expect(compareAuc(a, a, y)).toMatchObject({ difference: 0, z: 0, p: 1 });
  });

  it('is what the pairs say, whatever the order, and turns over with the score', () => {
    const rows = fc.array(fc.record({ score: fc.integer({ min: 0, max: 6 }), y: fc.integer({ min: 0, max: 1 }) }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const ones = given.filter((row) => row.y === 1);
        const zeros = given.filter((row) => row.y === 0);
        const found = auc(
          given.map((row) => row.score),
          given.map((row) => row.y),
        );
        if (ones.length === 0 || zeros.length === 0) {
          expect(found).toBeNull();
          return;
        }
        let won = 0;
        for (const one of ones) for (const zero of zeros) won += one.score > zero.score ? 1 : one.score === zero.score ? 0.5 : 0;
        expect(found!.value).toBeCloseTo(won / ones.length / zeros.length, 10);
        expect(found!.low).toBeLessThanOrEqual(found!.value);
        expect(found!.high).toBeGreaterThanOrEqual(found!.value);
        const turned = auc(
          given.map((row) => -row.score),
          given.map((row) => row.y),
        )!;
        expect(turned.value).toBeCloseTo(1 - found!.value, 10);
      }),
    );
  });

  it('is not sure of itself where every pair of few is won', () => {
    const found = auc([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])!;
    expect(found).toMatchObject({ value: 1, high: 1 });
    expect(found.low).toBeLessThan(0.5);
  });

  it('refuses what is no score', () => {
    expect(() => auc([1, Number.NaN], [0, 1])).toThrow('scores[1]');
    expect(() => auc([1, 2], [0, 2])).toThrow('y[1]');
  });
});

describe('losses', () => {
  it('equal scikit-learn’s', () => {
    expect(brier(a, y)!.value).toBeCloseTo(0.1423135, 10);
    expect(logLoss(a, y)!.value).toBeCloseTo(0.442362343102938, 10);
  });

  it('have no skill for the base rate itself', () => {
    const rate = y.reduce((sum, one) => sum + one, 0) / y.length;
    const flat = y.map(() => rate);
    expect(brier(flat, y)!.skill).toBeCloseTo(0, 12);
    expect(logLoss(flat, y)!.skill).toBeCloseTo(0, 12);
    expect(brier(a, y)!.skill).toBeGreaterThan(0.2);
    expect(brier([0, 0], [0, 0])!.skill).toBeNull();
    expect(brier([0.5], [1])).toBeNull();
    expect(() => brier([1.2], [1])).toThrow('chances[0]');
  });
});

describe('calibration', () => {
  it('groups add up to all rows', () => {
    const groups = calibrationGroups(a, y);
    expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(400);
    expect(groups.reduce((sum, { n, came }) => sum + n * came.value, 0)).toBeCloseTo(109, 9);
    expect(groups.length).toBe(10);
    groups.slice(1).forEach(({ from }, g) => {
      expect(from).toBeGreaterThan(groups[g]!.to);
    });
    expect(calibrationGroups([0.2, 0.2, 0.2], [0, 1, 0]).length).toBe(1);
    expect(calibrationGroups([], [])).toEqual([]);
  });

  it('line equals that of statsmodels', () => {
    const line = calibrationLine(a, y)!;
    expect(line.intercept).toBeCloseTo(-0.4966501974, 8);
    expect(line.slope).toBeCloseTo(2.2024259824, 8);
    expect(line.interceptSe).toBeCloseTo(0.147982195, 7);
    expect(line.slopeSe).toBeCloseTo(0.2627048626, 7);
  });

  it('line is absent where there is none', () => {
    expect(calibrationLine([0.5, 0.5], [0, 1])).toBeNull();
    expect(calibrationLine([0.1, 0.9], [0, 1])).toBeNull();
    expect(calibrationLine([0.1, 0.9, 0.4], [1, 1, 1])).toBeNull();
    expect(calibrationLine([0.1, 0.4, 0.4, 0.9], [0, 0, 1, 1])).toBeNull();
  });
});

describe('lift', () => {
  it('counts the top, and rows that tie at its end in part', () => {
    // Of the 40 highest, 39 lie above .69 and are all of class 1, as is the only one at .69; 109 of 400 are.
    const { lift, captured, precision, n } = liftAt(a, y, 0.1)!;
    expect(n).toBe(40);
    expect(precision).toBe(1);
    expect(captured.value).toBeCloseTo(40 / 109, 12);
    expect(lift.value).toBeCloseTo(400 / 109, 12);
    expect(lift.low).toBeLessThan(lift.value);
    const tied = liftAt([1, 1, 1, 1], [1, 0, 0, 0], 0.5)!;
    expect(tied.captured.value).toBe(0.5);
    expect(tied.lift.value).toBe(1);
    expect(liftAt([1, 2], [0, 0], 0.5)).toBeNull();
    expect(() => liftAt([1, 2], [0, 1], 0)).toThrow('share');
  });

  it('of amounts: all of it in all rows, and in the top by the amount itself no less than by any other score', () => {
    const rows = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), amount: fc.integer({ min: 0, max: 50 }) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.double({ min: 0.05, max: 1, noNaN: true }), (given, share) => {
        const [scores, amounts] = [given.map((row) => row.score), given.map((row) => row.amount)];
        const found = capturedAmount(scores, amounts, share);
        if (amounts.every((amount) => amount === 0)) {
          expect(found).toBeNull();
          return;
        }
        expect(capturedAmount(scores, amounts, 1)).toBeCloseTo(1, 10);
        expect(capturedAmount(amounts, amounts, share)!).toBeGreaterThanOrEqual(found! - 1e-12);
      }),
    );
  });
});
