import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '#stats/random.ts';
import { xmr, xmrLimits } from '#stats/xmr.ts';

test('limits by hand', () => {
  const close = (value: number) => expect.closeTo(value, 10);
  expect(xmrLimits([10, 12, 11, 13])).toEqual({
    centre: 11.5,
    low: close(11.5 - 13.3 / 3),
    high: close(11.5 + 13.3 / 3),
    sigma: close(13.3 / 9),
    n: 4,
  });
  expect(xmrLimits([10, 12, 11, 13], { movingRange: 'median' })).toMatchObject({ low: close(5.21), high: close(17.79) });
  expect(xmrLimits([1, 3, 1, 3], { floor: 0 })!.low).toBe(0);
  expect(xmrLimits([0.9, 0.99, 0.9], { ceiling: 1 })!.high).toBe(1);
  expect(xmrLimits([10, null, 12, 11, 13])!.n).toBe(4);
  expect(xmrLimits([10, null, 12, 11])!.high).toBeCloseTo(11 + 2.66, 10);
  expect(xmrLimits([])).toBeNull();
  expect(xmrLimits([1])).toBeNull();
  expect(xmrLimits([1, null, 2])).toBeNull();
});

const steady = [10, 12, 11, 13, 10, 12, 11, 13, 12, 10];

test('the last point is judged by those before it', () => {
  const found = xmr([...steady, 30]);
  expect(found.points.at(-1)!.limits).toEqual(xmrLimits(steady));
  expect(found.points.at(-1)!.standing).toBe('above');
  expect(found.signals).toEqual([{ index: 10, rule: 'limit', direction: 'above', from: 10 }]);
  expect(found.points[7]!.standing).toBe('unknown');
  expect(found.tested).toBe(3);
});

test('a run of eight is one signal and restarts the limits at its first point', () => {
  const shifted = [13, 12, 14, 13, 12, 13, 14, 12];
  const found = xmr([...steady, ...shifted, 13, 12]);
  expect(found.signals).toEqual([{ index: 17, rule: 'run', direction: 'above', from: 10 }]);
  expect(found.restarts).toEqual([10]);
  expect(found.points[18]!.limits).toEqual(xmrLimits(shifted));
  expect(xmr([...steady, ...shifted], { rescale: 'never' }).restarts).toEqual([]);
});

test('constant, empty and broken series', () => {
  expect(xmr([])).toEqual({ points: [], signals: [], next: null, restarts: [], tested: 0 });
  const flat = xmr([...new Array(12).fill(5), 6]);
  expect(flat.signals).toEqual([]);
  expect(flat.points[11]!.standing).toBe('inside');
  expect(flat.points[12]!.standing).toBe('unknown');
  expect(() => xmr([1, Number.NaN])).toThrow('values[1]: expected a finite number or null, found NaN');
});

test('false limit signals in white noise stay rare: mean range below 1.5%, median range below 4%', () => {
  const rate = (movingRange: 'mean' | 'median') => {
    const r = random(1, 'noise');
    let [called, tested] = [0, 0];
    for (let i = 0; i < 100; i++) {
      const found = xmr(Array.from({ length: 104 }, r.normal), { movingRange, minBaseline: 20, rescale: 'never' });
      called += found.signals.filter(({ rule }) => rule === 'limit').length;
      tested += found.tested;
    }
    return called / tested;
  };
  expect(rate('mean')).toBeLessThan(0.015);
  expect(rate('median')).toBeLessThan(0.04);
});

test('nothing after a point changes its judgement; scale and shift carry over', () => {
  const series = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })), { maxLength: 40 });
  fc.assert(
    fc.property(series, fc.integer({ min: 0, max: 39 }), (values, cut) => {
      const whole = xmr(values);
      expect(xmr(values.slice(0, cut)).points).toEqual(whole.points.slice(0, cut));
      const moved = xmr(values.map((value) => (value === null ? null : value * 4 + 64)));
      moved.points.forEach(({ limits }, i) => {
        const plain = whole.points[i]!.limits;
        expect(limits === null).toBe(plain === null);
        if (limits && plain) expect(limits.high).toBeCloseTo(plain.high * 4 + 64, 6);
      });
    }),
  );
});
