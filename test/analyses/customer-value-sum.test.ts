import { describe, expect, it } from 'vitest';
import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { expectedSpend, fitGammaGamma } from '#stats/clv/gamma-gamma.ts';
import { random } from '#stats/random.ts';
import { type ListRow, listSum, pairsOf } from '../../analyses/customer-value/newcomer.ts';
import { pooledShape, skewTwoSided } from '../../analyses/customer-value/skew.ts';
import { type Moments, scatterOf, sumOf } from '../../analyses/customer-value/sum.ts';

const close = 9;

describe('interval of a sum', () => {
  it('adds up variances as written', () => {
    const moments: Moments = { customers: 40, single: 10, pair: 4, square: 3 };
    // 100² × (1.5 × 10 + 1.2 × 4 − 3) = 168,000; quantiles of a gamma of mean 1,000 and that variance by Simpson's rule.
    const { value, low, high, n } = sumOf(1000, moments, { usual: 100, purchase: 0.5, customer: 0.2, level: 0 });
    expect([value, n]).toEqual([1000, 40]);
    expect(low).toBeCloseTo(365.1499, 3);
    expect(high).toBeCloseTo(1949.0139, 3);
    const wider = sumOf(1000, moments, { usual: 100, purchase: 0.5, customer: 0.2, level: 0.04 });
    expect(wider.high).toBeGreaterThan(high);
  });

  it('is a point where nothing is expected, or nothing scatters', () => {
    const none: Moments = { customers: 0, single: 0, pair: 0, square: 0 };
    const scatter = { usual: 100, purchase: 0, customer: 0, level: 0 };
    expect(sumOf(0, none, scatter)).toEqual({ value: 0, low: 0, high: 0, n: 0 });
    expect(sumOf(10, none, scatter)).toMatchObject({ low: 10, high: 10 });
  });

  it('takes the scatter from first purchases, and its part between customers from those who came back', () => {
    const row = { repeaters: 50, usual: 80, first_mean: 1, first_square: 1.5, repeater_first_mean: 1, own_mean: 1.1, own_first: 1.32 };
    const scatter = scatterOf([{ ...row, customers: 100, repeat_mean: 0.5, repeat_square: 1.25 }]);
    expect(scatter.purchase).toBeCloseTo(0.5, close);
    expect(scatter.customer).toBeCloseTo(0.2, close);
    // (1.25/0.25 − 1)/100.
    expect(scatter.level).toBeCloseTo(0.04, close);
    expect(scatterOf([{ ...row, customers: 100, repeaters: 5, repeat_mean: 0, repeat_square: 0 }])).toMatchObject({
      customer: scatter.purchase,
      level: 1,
    });
    expect(scatterOf([])).toEqual({ usual: 0, purchase: 0, customer: 0, level: 1 });
  });

  it('knows how purchases bunch: as a geometric number where any has a chance of mean over one plus mean', () => {
    expect(pairsOf({ purchases_90: 0.25, p_purchase_90: 0.2 })).toBeCloseTo(2, close);
    expect(pairsOf({ purchases_90: 0, p_purchase_90: 0 })).toBe(1);
  });

  // Shops of 2,000 customers of two years, BG/NBD and Gamma-Gamma; what came in the year after against the interval made before.
  it('holds what comes nineteen times in twenty', () => {
    const shops = 120;
    const held = { all: 0, fresh: 0, list: 0 };
    for (let shop = 0; shop < shops; shop++) {
      const { sets, later } = simulated(shop);
      for (const name of ['all', 'fresh', 'list'] as const) {
        const { rows, scatter } = sets[name];
        const came = rows.reduce((sum, { i }) => sum + later[i]!, 0);
        const { low, high } = listSum(
          rows.map(({ row }) => row),
          scatter,
        );
        if (came >= low && came <= high) held[name]++;
      }
    }
    for (const name of ['all', 'fresh', 'list'] as const) {
      expect(held[name] / shops, name).toBeGreaterThanOrEqual(0.89);
      expect(held[name] / shops, name).toBeLessThanOrEqual(1);
    }
  }, 30_000);
});

describe('skew means', () => {
  it('have the chances of the shifted gamma distribution', () => {
    expect(skewTwoSided(2.5, 0.8)).toBeCloseTo(0.0371857, 6);
    expect(skewTwoSided(-2, 0.8)).toBeCloseTo(0.0024056, 6);
    expect(skewTwoSided(2, -0.8)).toBeCloseTo(0.0024056, 6);
    expect(skewTwoSided(1.959964, 0)).toBeCloseTo(0.05, 6);
    expect(skewTwoSided(-9, 1)).toBe(0);
  });

  it('pool moments about each mean', () => {
    // 0, 0, 3 about 1, and 5, 5, 8 about 6: deviations −1, −1, 2 twice.
    const shape = pooledShape([
      { n: 3, mean: 1, square: 3, cube: 9 },
      { n: 3, mean: 6, square: 38, cube: (125 + 125 + 512) / 3 },
    ]);
    expect(shape.variance).toBeCloseTo(3, close);
    expect(shape.third).toBeCloseTo(2, close);
    expect(pooledShape([])).toEqual({ variance: 0, third: 0 });
  });
});

const year = 365 / 7;

function simulated(seed: number) {
  const stream = random(seed, 'customer-value/shop');
  const n = 2000;
  const x: number[] = [];
  const tx: number[] = [];
  const T: number[] = [];
  const m: number[] = [];
  const first: number[] = [];
  const later: number[] = [];
  for (let i = 0; i < n; i++) {
    const age = 104 * stream.uniform();
    const rate = stream.gamma(0.31) / 9.2;
    const [stay, leave] = [stream.gamma(2.06), stream.gamma(0.83)];
    const scale = stream.gamma(9.2) / 129;
    const purchase = () => stream.gamma(4.6) / scale;
    const seen = { x: 0, last: 0, sum: 0, later: 0 };
    first.push(purchase());
    for (let t = 0, isAlive = true; isAlive; ) {
      t -= Math.log1p(-stream.uniform()) / rate;
      if (!(t < age + year)) break;
      const value = purchase();
      if (t <= age) Object.assign(seen, { x: seen.x + 1, last: t, sum: seen.sum + value });
      else seen.later += value;
      isAlive = stream.uniform() < stay / (stay + leave);
    }
    x.push(seen.x);
    tx.push(seen.last);
    T.push(age);
    m.push(seen.x > 0 ? seen.sum / seen.x : 0);
    later.push(seen.later);
  }
  const parameters = fitBgNbd({ x, tx, T }).parameters;
  const spend = fitGammaGamma({ x, m }, { notPositive: 'leave-out' });
  const purchases = x.reduce((sum, value) => sum + value + 1, 0);
  const usual = first.reduce((sum, value, i) => sum + value + x[i]! * m[i]!, 0) / purchases;
  const mean = (of: (i: number) => number, among: number[]) => among.reduce((sum, i) => sum + of(i), 0) / among.length;
  const everybody = x.map((_, i) => i);
  const again = everybody.filter((i) => x[i]! > 0);
  const scatter = scatterOf([
    {
      ...{ customers: n, repeaters: again.length, usual },
      first_mean: mean((i) => first[i]! / usual, everybody),
      first_square: mean((i) => (first[i]! / usual) ** 2, everybody),
      repeater_first_mean: mean((i) => first[i]! / usual, again),
      own_mean: mean((i) => m[i]! / usual, again),
      own_first: mean((i) => (m[i]! * first[i]!) / usual ** 2, again),
      repeat_mean: mean((i) => (x[i]! * m[i]!) / usual, everybody),
      repeat_square: mean((i) => ((x[i]! * m[i]!) / usual) ** 2, everybody),
    },
  ]);
  const all = everybody.map((i) => {
    const [a, b, c] = [x[i]!, tx[i]!, T[i]!];
    const purchasesAhead = bgNbd.expected(parameters, a, b, c, year);
    const each = expectedSpend(spend, a, m[i]!);
    const row = {
      ...{ purchases_90: bgNbd.expected(parameters, a, b, c, 90 / 7), p_purchase_90: bgNbd.any(parameters, a, b, c, 90 / 7) },
      ...{ discounted_365: purchasesAhead, spend: each, value_365: purchasesAhead * each },
    } as ListRow;
    return { i, row };
  });
  const fresh = all.filter(({ i }) => T[i]! < 90 / 7);
  const top = fresh.toSorted((a, b) => b.row.value_365 - a.row.value_365).slice(0, 50);
  return { later, sets: { all: { rows: all, scatter }, fresh: { rows: fresh, scatter }, list: { rows: top, scatter } } };
}
