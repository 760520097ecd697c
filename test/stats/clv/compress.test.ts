import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compress, thin } from '#stats/clv/compress.ts';
import { random } from '#stats/random.ts';

test('identical histories become one row, ordered by x', () => {
  const rows = compress({ x: [2, 0, 2, 0, 1], tx: [3, 0, 3, 0, 1], T: [9, 4, 9, 5, 9] });
  expect([...rows.x]).toEqual([0, 0, 1, 2]);
  expect([...rows.T]).toEqual([4, 5, 9, 9]);
  expect([...rows.weight]).toEqual([1, 1, 1, 2]);
  expect([...rows.row]).toEqual([3, 0, 3, 1, 2]);
  expect([...rows.frequencies]).toEqual([0, 1, 2]);
  expect([...rows.offsets]).toEqual([0, 2, 3, 4]);
  expect(rows.customers).toBe(5);
});

test('rows can be expanded again, weights are kept, -0 is 0', () => {
  const history = fc.tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: 9 }),
  );
  fc.assert(
    fc.property(fc.array(history, { maxLength: 200 }), (list) => {
      const x = list.map(([a]) => a);
      const tx = list.map(([a, b]) => (a === 0 ? -0 : b));
      const T = list.map(([, b, c]) => b + c);
      const weight = list.map(([, , , w]) => w);
      const rows = compress({ x, tx, T, weight });
      const keys = Array.from(rows.x, (a, i) => `${a} ${rows.tx[i]} ${rows.T[i]}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual([...keys].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
      for (const [i, at] of rows.row.entries()) expect([rows.x[at], rows.tx[at]! + 0, rows.T[at]]).toEqual([x[i], tx[i]! + 0, T[i]]);
      expect(rows.weight.reduce((a, b) => a + b, 0)).toBe(weight.reduce((a, b) => a + b, 0));
    }),
  );
});

test('many different rows outgrow the first table', () => {
  const stream = random(1, 'compress');
  const T = Float64Array.from({ length: 30_000 }, () => 1 + stream.uniform());
  const zero = new Float64Array(T.length);
  const rows = compress({ x: zero, tx: zero, T });
  expect(rows.x.length).toBe(30_000);
  for (let i = 0; i < T.length; i++) expect(rows.T[rows.row[i]!]).toBe(T[i]);
});

test('thinned rows weigh as much as all', () => {
  const stream = random(1, 'thin');
  const x = Float64Array.from({ length: 20_000 }, () => stream.poisson(1.5));
  const T = x.map(() => 10 + stream.uniform());
  const rows = compress({ x, tx: x.map((xi, i) => (xi > 0 ? T[i]! / 2 : 0)), T });
  const few = thin(rows, 1000);
  expect(few.x.length).toBeLessThanOrEqual(1000);
  expect(few.customers).toBeCloseTo(20_000, 6);
  const total = (of: typeof rows) => of.x.reduce((sum, xi, i) => sum + xi * of.weight[i]!, 0);
  expect(total(few) / total(rows)).toBeCloseTo(1, 2);
  expect(thin(few, 1000)).toBe(few);
});

test.each([
  [{ x: [1], tx: [1, 2], T: [3] }, /^tx: expected 1 values/],
  [{ x: [1], tx: [1], T: [] }, /^T: expected 1 values/],
  [{ x: [0, 1.5], tx: [0, 1], T: [3, 3] }, /^x: .*1\.5 in row 1/],
  [{ x: [-1], tx: [0], T: [3] }, /^x: .*-1 in row 0/],
  [{ x: [Number.NaN], tx: [0], T: [3] }, /^x: .*NaN in row 0/],
  [{ x: [1], tx: [4], T: [3] }, /^tx: expected at most T = 3, found 4 in row 0/],
  [{ x: [1], tx: [Number.NaN], T: [3] }, /^tx: .*NaN in row 0/],
  [{ x: [1], tx: [1], T: [Number.POSITIVE_INFINITY] }, /^T: .*Infinity in row 0/],
  [{ x: [0], tx: [1], T: [3] }, /^tx: expected 0 where x is 0/],
  [{ x: [0], tx: [0], T: [3], weight: [0] }, /^weight: .*0 in row 0/],
])('refuses %j', (histories, message) => {
  expect(() => compress(histories)).toThrow(RangeError);
  expect(() => compress(histories)).toThrow(message);
});
