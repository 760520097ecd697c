import { describe, expect, it } from 'vitest';
import { coded } from '#stats/learn/coded.ts';
import { multinomial, multinomialChances } from '#stats/learn/multinomial.ts';
import { residualTest } from '#stats/learn/residual.ts';
import { random } from '#stats/random.ts';

describe('residualTest', () => {
  it('is Pearson’s test of a two by two table where the chances are the shares of all rows', () => {
    // 30 of 100 against 45 of 100: X² = 4.8, worked out by hand from (ad − bc)² n / (r₁ r₂ c₁ c₂).
    const y = [...Array(30).fill(1), ...Array(70).fill(0), ...Array(45).fill(1), ...Array(55).fill(0)];
    const codes = Int32Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 1));
    const chances = y.flatMap(() => [0.625, 0.375]);
    const found = residualTest(chances, y, 2, codes)!;
    expect(found.statistic).toBeCloseTo(4.8, 10);
    expect(found).toMatchObject({ df: 1, n: 200 });
    expect(found.p).toBeCloseTo(0.0284597369, 8);
  });

  it('calls a feature that matters, and one that doesn’t no more often than it says', () => {
    let [calledNoise, calledSignal] = [0, 0];
    const shops = 200;
    for (let s = 0; s < shops; s++) {
      const draw = random(s, 'residual');
      const n = 400;
      const own = Array.from({ length: n }, () => `b${draw.integer(4)}`);
      const noise = Int32Array.from({ length: n }, () => draw.integer(5));
      const signal = Int32Array.from({ length: n }, () => draw.integer(3));
      const y = own.map((bin, i) => {
        const odds = [1, Math.exp(Number(bin.slice(1)) / 3), Math.exp(signal[i]! / 2)];
        const u = draw.uniform() * (odds[0]! + odds[1]! + odds[2]!);
        return u < odds[0]! ? 0 : u < odds[0]! + odds[1]! ? 1 : 2;
      });
      const rows = coded([{ name: 'own', values: own }]);
      const chances = multinomialChances(multinomial(rows, y, 3, { ridge: 0.1 }), rows);
      if (residualTest(chances, y, 3, noise)!.p < 0.05) calledNoise++;
      if (residualTest(chances, y, 3, signal)!.p < 0.05) calledSignal++;
    }
    expect(calledNoise / shops).toBeLessThan(0.09);
    expect(calledSignal / shops).toBeGreaterThan(0.8);
  });

  it('has nothing to say of a single bin, or of chances that leave nothing open', () => {
    expect(residualTest([0.5, 0.5, 0.5, 0.5], [0, 1], 2, Int32Array.of(0, 0))).toBeNull();
    expect(residualTest([1, 0, 0, 1], [0, 1], 2, Int32Array.of(0, 1))).toBeNull();
    expect(residualTest([0.5, 0.5, 0.5, 0.5], [0, 1], 2, Int32Array.of(-1, 0))).toBeNull();
    expect(() => residualTest([0.5, 0.5], [0, 1], 2, Int32Array.of(0, 1))).toThrow('chances: expected 2 × 2');
  });
});
