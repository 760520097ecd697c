import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contributions, factorBridge, logMean, priceVolumeMix, ratioBridge, type Segment } from '#stats/bridge.ts';

const near = (value: number, expected: number, scale: number) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1e-9, scale));
const money = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true }));
const units = fc.integer({ min: 0, max: 10_000 });

describe('price, volume, mix', () => {
  test('by hand', () => {
    const found = priceVolumeMix([
      { segment: 'a', unitsBefore: 100, unitsAfter: 150, valueBefore: 1000, valueAfter: 1500 },
      { segment: 'b', unitsBefore: 100, unitsAfter: 50, valueBefore: 2000, valueAfter: 1100 },
      { segment: 'new', unitsBefore: 0, unitsAfter: 3, valueBefore: 0, valueAfter: 90 },
      { segment: 'gone', unitsBefore: 2, unitsAfter: 0, valueBefore: 50, valueAfter: 0 },
    ]);
    expect(found).toMatchObject({ before: 3050, after: 2690, change: -360, gained: 90, lost: -50, other: 0 });
    expect(found.volume).toBeCloseTo(0, 9);
    expect(found.price).toBeCloseTo(150, 9);
    expect(found.mix).toBeCloseTo(-550, 9);
  });

  test('only more of the same is volume; only dearer is price', () => {
    const segments = [
      { segment: 'a', unitsBefore: 10, valueBefore: 100 },
      { segment: 'b', unitsBefore: 30, valueBefore: 900 },
    ];
    const grown = priceVolumeMix(segments.map((s) => ({ ...s, unitsAfter: s.unitsBefore * 2, valueAfter: s.valueBefore * 2 })));
    expect(grown.volume).toBeCloseTo(1000, 9);
    expect(Math.abs(grown.mix) + Math.abs(grown.price)).toBeLessThan(1e-9);
    const dearer = priceVolumeMix(segments.map((s) => ({ ...s, unitsAfter: s.unitsBefore, valueAfter: s.valueBefore * 1.1 })));
    expect(dearer.price).toBeCloseTo(100, 9);
  });

  const segments = fc.array(
    fc.record({ segment: fc.string(), unitsBefore: units, unitsAfter: units, valueBefore: money, valueAfter: money }),
    { maxLength: 20 },
  );
  const keys = ['volume', 'mix', 'price', 'gained', 'lost', 'other'] as const;

  test('parts add up, in total and by segment; swapping periods flips signs', () => {
    fc.assert(
      fc.property(segments, (data: Segment[]) => {
        const there = priceVolumeMix(data);
        const back = priceVolumeMix(
          data.map((s) => ({
            segment: s.segment,
            unitsBefore: s.unitsAfter,
            unitsAfter: s.unitsBefore,
            valueBefore: s.valueAfter,
            valueAfter: s.valueBefore,
          })),
        );
        const prices = data.flatMap((s) => [s.valueBefore / (s.unitsBefore || 1), s.valueAfter / (s.unitsAfter || 1)]);
        const scale = there.before + there.after + Math.max(0, ...prices) * data.reduce((all, s) => all + s.unitsBefore + s.unitsAfter, 0);
        near(
          keys.reduce((total, key) => total + there[key], 0),
          there.change,
          scale,
        );
        for (const s of there.segments)
          near(
            keys.reduce((total, key) => total + s[key], 0),
            s.change,
            scale,
          );
        for (const key of ['volume', 'mix', 'price', 'other'] as const) near(there[key], -back[key], scale);
        near(there.gained, -back.lost, scale);
      }),
    );
  });

  test('nothing, and nonsense', () => {
    expect(priceVolumeMix([])).toMatchObject({ before: 0, after: 0, change: 0, volume: 0, mix: 0, price: 0 });
    expect(() => priceVolumeMix([{ segment: 'x', unitsBefore: -1, unitsAfter: 1, valueBefore: 1, valueAfter: 1 }])).toThrow('segment x');
  });
});

describe('factors', () => {
  test('orders and AOV, against 30 digits', () => {
    const found = factorBridge({ orders: 100, aov: 50 }, { orders: 120, aov: 55 });
    expect(found.method).toBe('log-mean Divisia');
    expect(found.parts[0]!.change).toBeCloseTo(1050.724583740313, 9);
    expect(found.parts[1]!.change).toBeCloseTo(549.275416259687, 9);
  });

  test('from nothing and to nothing, negative, unchanged', () => {
    const changes = (before: Record<string, number>, after: Record<string, number>) =>
      factorBridge(before, after).parts.map(({ change }) => change);
    expect(changes({ orders: 0, aov: 0 }, { orders: 4, aov: 25 })).toEqual([100, 0]);
    expect(changes({ orders: 4, aov: 25 }, { orders: 4, aov: 0 })).toEqual([0, -100]);
    expect(changes({ orders: 0, aov: 3 }, { orders: 0, aov: 5 })).toEqual([0, 0]);
    expect(changes({ orders: 2, aov: 3 }, { orders: 2, aov: 3 })).toEqual([0, 0]);
    expect(factorBridge({ orders: 10, net: -2 }, { orders: 20, net: 4 })).toMatchObject({
      method: 'Shapley',
      change: 100,
      parts: [{ change: 10 }, { change: 90 }],
    });
    expect(() => factorBridge({ a: 1 }, { b: 1 })).toThrow(RangeError);
    expect(() => factorBridge({}, {})).toThrow(RangeError);
  });

  test('parts add up; swapping periods flips signs; a factor that stays takes nothing', () => {
    const factor = fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
      fc.double({ min: -100, max: -0.01, noNaN: true }),
    );
    const triple = fc.record({ customers: factor, frequency: factor, aov: factor });
    fc.assert(
      fc.property(triple, triple, (before, after) => {
        const there = factorBridge(before, after);
        const back = factorBridge(after, before);
        const scale = Object.keys(before).reduce(
          (all, key) => all * Math.max(Math.abs(before[key as 'aov']), Math.abs(after[key as 'aov']), 1e-9),
          1,
        );
        near(
          there.parts.reduce((all, { change }) => all + change, 0),
          there.change,
          scale,
        );
        there.parts.forEach((part, k) => {
          near(part.change, -back.parts[k]!.change, scale);
          if (part.before === part.after && part.before !== 0) near(part.change, 0, scale);
        });
      }),
    );
  });

  test('the logarithmic mean lies between, also where the two are close', () => {
    expect(logMean(2, 1)).toBeCloseTo(1 / Math.LN2, 14);
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 0.9, max: 1.1, noNaN: true }), (a, near) => {
        const mean = logMean(a, a * near);
        expect(mean).toBeGreaterThanOrEqual(Math.min(a, a * near) * (1 - 1e-12));
        expect(mean).toBeLessThanOrEqual(Math.max(a, a * near) * (1 + 1e-12));
        expect(mean / logMean(a * near, a)).toBeCloseTo(1, 11);
      }),
    );
  });
});

test('contributions add up to the growth of the total', () => {
  const found = contributions([
    { group: 'a', before: 80, after: 100 },
    { group: 'b', before: 20, after: 15 },
    { group: 'c', before: 0, after: 5 },
  ]);
  expect(found).toMatchObject({ before: 100, after: 120, change: 20, growth: 0.2 });
  expect(found.groups.map(({ contribution }) => contribution)).toEqual([0.2, -0.05, 0.05]);
  expect(found.groups.map(({ growth }) => growth)).toEqual([0.25, -0.25, null]);
  expect(contributions([])).toMatchObject({ change: 0, growth: null });
});

describe('ratio of totals', () => {
  test("Simpson's paradox is mix", () => {
    const found = ratioBridge([
      { group: 'a', numeratorBefore: 90, denominatorBefore: 100, numeratorAfter: 19, denominatorAfter: 20 },
      { group: 'b', numeratorBefore: 2, denominatorBefore: 20, numeratorAfter: 15, denominatorAfter: 100 },
    ])!;
    expect(found.within).toBeCloseTo(0.05, 12);
    expect(found.mix).toBeLessThan(-0.4);
  });

  test('parts add up; swapping periods flips signs', () => {
    const half = fc
      .tuple(fc.nat(1000), fc.double({ min: 0, max: 5, noNaN: true }))
      .map(([bottom, rate]) => [bottom * rate, bottom] as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half), { maxLength: 15 }), (data) => {
        const groups = data.map(([[n0, d0], [n1, d1]], i) => ({
          group: String(i),
          numeratorBefore: n0,
          denominatorBefore: d0,
          numeratorAfter: n1,
          denominatorAfter: d1,
        }));
        const there = ratioBridge(groups);
        const back = ratioBridge(
          groups.map((g) => ({
            group: g.group,
            numeratorBefore: g.numeratorAfter,
            denominatorBefore: g.denominatorAfter,
            numeratorAfter: g.numeratorBefore,
            denominatorAfter: g.denominatorBefore,
          })),
        );
        if (!there || !back) return;
        near(there.within + there.mix, there.change, 5);
        near(there.within, -back.within, 5);
      }),
    );
  });

  test('an empty total is null', () => {
    expect(ratioBridge([])).toBeNull();
    expect(() => ratioBridge([{ group: 'x', numeratorBefore: 1, denominatorBefore: 0, numeratorAfter: 1, denominatorAfter: 1 }])).toThrow(
      'group x',
    );
  });
});
