import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coded, codedLike } from '#stats/learn/coded.ts';
import { multinomial, multinomialChances } from '#stats/learn/multinomial.ts';
import { parkMiller } from './fixture.ts';

function simulated() {
  const draw = parkMiller(42);
  const [a, b, y]: [string[], string[], number[]] = [[], [], []];
  for (let i = 0; i < 600; i++) {
    const [p, q] = [Math.floor(draw() * 4), Math.floor(draw() * 3)];
    const odds = [0.2 * p, (q === 1 ? 0.5 : 0) - 0.3 * p, -0.4 + (q === 2 ? 0.6 : 0)].map(Math.exp);
    const total = odds[0]! + odds[1]! + odds[2]!;
    const u = draw();
    a.push(`a${p}`);
    b.push(`b${q}`);
    y.push(u < odds[0]! / total ? 0 : u < (odds[0]! + odds[1]!) / total ? 1 : 2);
  }
  return { a, b, y };
}

describe('multinomial', () => {
  const { a, b, y } = simulated();
  const rows = coded([
    { name: 'a', values: a },
    { name: 'b', values: b },
  ]);
  const fit = multinomial(rows, y, 3, { ridge: 1.5 });

  it('gives the fit of scikit-learn on one-hot columns with C = 1/1.5', () => {
    const expected = [
      [-0.331753007, 0.5409408071, -0.2091878001, -0.0978596461, -0.0029400634, 0.1007997095],
      [0.2219275776, -0.1812945988, -0.0406329787, -0.0542841197, 0.1726972519, -0.1184131323, -0.1676434803, 0.0085974975, 0.1590459827],
    ];
    expected.forEach((weights, j) => {
      weights.forEach((weight, e) => {
        expect(fit.weights[j]![e]).toBeCloseTo(weight, 6);
      });
    });
    [0.3556607101, -0.2251890928, -0.1304716174].forEach((intercept, c) => {
      expect(fit.intercepts[c]).toBeCloseTo(intercept, 6);
    });
    expect(fit.logLikelihood).toBeCloseTo(-612.7404622596275, 6);
    expect(fit.nullLogLikelihood).toBeCloseTo(-641.5976147950263, 8);
  });

  it('states each class as often as it came', () => {
    const chances = multinomialChances(fit, rows);
    for (const c of [0, 1, 2]) {
      let stated = 0;
      for (let i = 0; i < y.length; i++) stated += chances[3 * i + c]!;
      expect(stated).toBeCloseTo(y.filter((so) => so === c).length, 6);
    }
  });

  it('is the logistic regression for two classes with half the ridge', () => {
    const two = y.map((so) => (so === 2 ? 1 : 0));
    const one = multinomial(rows, two, 2, { ridge: 3 });
    expect(one.weights[0]![1]).toBeCloseTo(-one.weights[0]![0]!, 12);
    expect(one.standardErrors[0]![0]).toBeGreaterThan(0);
  });

  it('gives a bin without rows nothing, and passes over what is in no bin', () => {
    const few = coded([{ name: 'a', values: ['x', 'y', 'x', 'z', 'y', 'x'], bins: ['x', 'y', 'never'] }], { least: 0 });
    expect([...few.codes[0]!]).toEqual([0, 1, 0, -1, 1, 0]);
    const small = multinomial(few, [0, 1, 0, 1, 1, 1], 2, { ridge: 1 });
    expect([...small.weights[0]!.slice(4)]).toEqual([0, 0]);
    const unknown = multinomialChances(small, codedLike(few, [{ name: 'a', values: ['new'] }]));
    expect(unknown[1]).toBeCloseTo(1 / (1 + Math.exp(small.intercepts[0]! - small.intercepts[1]!)), 12);
  });

  it('has finite weights for bins of one class only', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })), { minLength: 3, maxLength: 40 }),
        (cases) => {
          fc.pre(new Set(cases.map(([, c]) => c)).size === 3);
          const given = coded([{ name: 'a', values: cases.map(([bin]) => `b${bin}`) }]);
          const made = multinomial(
            given,
            cases.map(([, c]) => c),
            3,
            { ridge: 0.1 },
          );
          for (const weight of made.weights[0]!) expect(Number.isFinite(weight)).toBe(true);
          const [sum] = [made.weights[0]!.slice(0, 3).reduce((s, w) => s + w, 0)];
          expect(sum).toBeCloseTo(0, 9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a class without rows', [0, 1, 0], 3, 1, 'found none of class 2'],
    ['no ridge', [0, 1, 0], 2, 0, 'ridge: expected a positive number'],
    ['as many classes as rows too few', [0, 1], 2, 1, 'y: expected 3 values'],
  ])('refuses %s', (_, classes, k, ridge, words) => {
    const three = coded([{ name: 'a', values: ['x', 'y', 'x'] }]);
    expect(() => multinomial(three, classes, k, { ridge })).toThrow(words);
  });

  it('refuses codes that are no bins, and features that are not there', () => {
    expect(() => multinomial({ names: ['a'], bins: [['x']], codes: [Int32Array.of(0, 1)] }, [0, 1], 2, { ridge: 1 })).toThrow(
      'a[1]: expected a bin',
    );
    expect(() => codedLike({ names: ['a'], bins: [['x']] }, [{ name: 'b', values: ['x'] }])).toThrow(
      'a: expected a feature of this name, found b',
    );
  });
});
