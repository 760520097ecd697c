import { describe, expect, test } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import { nbd } from '#stats/clv/nbd.ts';
import { discountIn, perYear, weeks } from '#stats/clv/unit.ts';
import { discountedPurchases } from '#stats/clv/value.ts';
import { accuracies } from '../../analyses/value-model/accuracy.ts';
import { byFrequency } from '../../analyses/value-model/agreement.ts';
import analysis from '../../analyses/value-model/analysis.ts';
import { degeneracyWords, general } from '../../analyses/value-model/candidate.ts';
import type { Choice } from '../../analyses/value-model/choice.ts';
import { inputOf } from '../../analyses/value-model/input.ts';
import { spendBins } from '../../analyses/value-model/money.ts';
import { spendModel } from '../../analyses/value-model/spend.ts';
import { track } from '../../analyses/value-model/tracking.ts';
import { type Buyer, modelContext, run, simulated, tablesOf } from './value-model-fixture.ts';

const { format } = modelContext();
const truth = { r: 0.5, alpha: 7, a: 0.8, b: 2.5 };
const lively = run(simulated(3000, 700, truth, 1), 700);
const scores = (result: Result) => result.relations!.scores as Record<string, Float64Array>;
const model = (result: Result) => result.artifacts!.model as Record<string, never> & { spend: Record<string, never> };
const metric = (result: Result, id: string) => result.metrics.find((one) => one.id === id)!;
const finding = (result: Result, id: string) => result.findings.find((one) => one.id === id);

describe('accuracy', () => {
  const options = { seed: 1, resamples: 200 };
  const later = Float64Array.of(2, 0, 1);
  const weight = Float64Array.of(1, 2, 1);

  test('by hand', () => {
    const [one] = accuracies([Float64Array.of(1, 0, 0.5)], later, weight, options);
    expect(one!.mae!.value).toBeCloseTo(1.5 / 4, 12);
    expect(one!.rmse!.value).toBeCloseTo(Math.sqrt(1.25 / 4), 12);
    expect(one!.bias!.value).toBeCloseTo(2, 12);
    expect(one!.rank!.value).toBeCloseTo(1, 12);
    // The tenth is four tenths of the first customer, with as much of the two purchases.
    expect(one!.capture!.value).toBeCloseTo(0.8 / 3, 12);
  });

  test('ranks against the order', () => {
    const [one] = accuracies([Float64Array.of(0, 3, 1)], later, weight, options);
    expect(one!.rank!.value).toBeCloseTo(-1, 12);
    expect(one!.capture!.value).toBe(0);
  });

  test('a prediction that does not tell customers apart has no rank, one of nothing no bias', () => {
    const [same, none] = accuracies([new Float64Array(3).fill(0.4), new Float64Array(3)], later, weight, options);
    expect([same!.rank, same!.capture, none!.rank, none!.bias]).toEqual([null, null, null, null]);
    expect(same!.bias!.value).toBeCloseTo(3 / 1.6, 12);
  });

  test('a row of many is as many rows', () => {
    const predicted = Float64Array.of(1, 0.1, 0.5, 0.1, 0.3);
    const came = Float64Array.of(2, 0, 1, 1, 0);
    const many = Float64Array.of(1, 3, 2, 1, 4);
    const each = Array.from(many).flatMap((w, i) => Array.from({ length: w }, () => i));
    const pick = (values: Float64Array) => Float64Array.from(each, (i) => values[i]!);
    const [once] = accuracies([predicted], came, many, options);
    const [apart] = accuracies([pick(predicted)], pick(came), new Float64Array(each.length).fill(1), options);
    for (const name of ['mae', 'rmse', 'bias', 'rank', 'capture'] as const) {
      expect(once![name]!.value).toBeCloseTo(apart![name]!.value, 12);
      expect(once![name]!.high - once![name]!.low).toBeGreaterThan(0);
    }
  });
});

describe('tracking', () => {
  // Two customers, won 21 and 8 days before the cut-off; a rate of one purchase in ten weeks.
  const buyers: Buyer[] = [
    { days: [0, 10, 25], values: [5, 5, 5] },
    { days: [13, 14], values: [5, 5] },
  ];
  const input = inputOf(tablesOf(buyers, 31));
  const calibrated = { law: general(nbd), parameters: { r: 1, alpha: 10 }, unit: 'week' } as const;

  test('whole weeks from the cut-off, actual and expected by hand', () => {
    expect(input.calibration).toMatchObject({ holdoutDays: 10, cutoff: '2026-08-06', customers: 2 });
    const tracked = track(input, { calibrated } as unknown as Choice);
    expect(tracked.map(({ week, isHoldout }) => [week, isHoldout])).toEqual([
      ['2026-07-17', false],
      ['2026-07-24', false],
      ['2026-07-31', false],
      ['2026-08-07', true],
    ]);
    expect(tracked.map(({ actual }) => actual)).toEqual([0, 2, 0, 1]);
    // One customer in the first week; the other comes on the last day but one of the second.
    expect(tracked.map(({ expected }) => expected)).toEqual([0.1, 0.1 + 1 / 70, 0.2, 0.2].map((value) => expect.closeTo(value, 10)));
    expect(tracked.at(-1)).toMatchObject({ actualToDate: 3, expectedToDate: expect.closeTo(0.6 + 1 / 70, 10) });
  });
});

describe('spend', () => {
  const rows = inputOf(tablesOf(simulated(2000, 700, truth, 3), 700)).spend;

  test('the model gives base + own × m of every frequency', () => {
    const spend = spendModel(rows, { value: 0, purchases: 0 }, format);
    expect(spend.rule).toBe('model');
    const { p, q, v } = spend.parameters;
    for (const x of [0, 1, 7])
      expect(spend.base(x) + spend.own(x) * 40).toBeCloseTo((p * (v + x * 40 * Number(x > 0))) / (p * x + q - 1), 8);
  });

  test('bins add up to all but the highest hundredth, and the model agrees with its own data', () => {
    const bins = spendBins(rows, spendModel(rows, { value: 0, purchases: 0 }, format));
    const sum = (key: 'observed' | 'expected') => bins.reduce((total, bin) => total + bin[key], 0);
    expect(sum('observed')).toBeGreaterThan(0.98);
    expect(sum('expected')).toBeGreaterThan(0.97);
    expect(bins.reduce((total, bin) => total + Math.abs(bin.observed - bin.expected), 0) / 2).toBeLessThan(0.1);
  });

  test('purchases all of one value are pooled', () => {
    const spend = spendModel(
      { x: Float64Array.of(1, 2, 3), m: Float64Array.of(20, 20, 20), weight: Float64Array.of(40, 20, 10) },
      { value: 0, purchases: 0 },
      format,
    );
    expect(spend.rule).toBe('pooled');
    expect(spend.refused.length).toBeGreaterThan(0);
    expect(spend.base(5)).toBeCloseTo(20, 10);
    expect(spend.own(5)).toBe(0);
  });

  test('spend that rises with frequency is expected by frequency', () => {
    const base = spendModel(rows, { value: 0, purchases: 0 }, format);
    const steep = { ...rows, m: rows.m.map((value, i) => value * (1 + 0.6 * rows.x[i]!)) };
    const spend = spendModel(steep, { value: 0, purchases: 0 }, format);
    expect(base.factor(9)).toBe(1);
    expect(['by-frequency', 'pooled']).toContain(spend.rule);
    expect(spend.refused.join()).not.toBe('');
    if (spend.rule === 'by-frequency') expect(spend.base(0)).toBeLessThan(spend.usual);
  });

  test('without repeat purchases the mean of all purchases stands in', () => {
    const none = { x: new Float64Array(0), m: new Float64Array(0), weight: new Float64Array(0) };
    expect(spendModel(none, { value: 300, purchases: 12 }, format)).toMatchObject({ rule: 'all-purchases', usual: 25 });
    expect(spendModel(none, { value: 0, purchases: 0 }, format).usual).toBe(0);
  });
});

describe('a shop that can carry a model', () => {
  test('is found to, on the holdout', () => {
    expect(model(lively)).toMatchObject({ model: 'bg-nbd', supported: true, dropout: true, forecasts: true, why: null, unit: 'week' });
    expect(metric(lively, 'holdout_capture').interval!.low).toBeGreaterThan(0.2);
    expect(metric(lively, 'holdout_bias').value).toBeGreaterThan(0.85);
    expect(metric(lively, 'holdout_bias').value).toBeLessThan(1.15);
    expect(finding(lively, 'leaving')!.kind).toBe('state');
    expect(lively.omitted).toEqual({});
    expect(lively.figures).toHaveLength(8);
  });

  test('the table holds every method, baselines too', () => {
    const methods = lively.tables.find(({ id }) => id === 'holdout')!.rows.map(({ method }) => String(method).replace(/ \(.*/, ''));
    expect(methods.sort()).toEqual(
      ['BG/NBD', 'MBG/NBD', 'Pareto/NBD', 'NBD', 'Mean rate of all', 'Own rate so far', 'As in the last period', 'Predict zero'].sort(),
    );
  });

  test('scores: a row a unique history, finite, and as the stored parameters have it', () => {
    const { x, t_x_days, t_days, ...rest } = scores(lively);
    expect(new Set(Array.from(x!, (value, i) => `${value} ${t_x_days![i]} ${t_days![i]}`)).size).toBe(x!.length);
    for (const column of [x, t_x_days, t_days]) expect(column).toBeInstanceOf(Int32Array);
    for (const [name, column] of Object.entries(rest)) {
      expect(column, name).toBeInstanceOf(Float64Array);
      expect(
        column!.every((value) => Number.isFinite(value) && value >= 0),
        name,
      ).toBe(true);
    }
    const { parameters, spend } = model(lively) as unknown as {
      parameters: typeof truth;
      spend: { parameters: Record<'p' | 'q' | 'v', number> };
    };
    const { p, q, v } = spend.parameters;
    for (let i = 0; i < x!.length; i += 97) {
      const [tx, T] = [t_x_days![i]! / 7, t_days![i]! / 7];
      expect(rest.p_alive![i]).toBeCloseTo(bgNbd.alive(parameters, x![i]!, tx, T), 10);
      expect(rest.purchases_90![i]).toBeCloseTo(bgNbd.expected(parameters, x![i]!, tx, T, 90 / 7), 10);
      expect(rest.p_purchase_90![i]).toBeCloseTo(bgNbd.any(parameters, x![i]!, tx, T, 90 / 7), 10);
      const each = (t: number) => bgNbd.expected(parameters, x![i]!, tx, T, t);
      expect(rest.purchases_365![i]).toBeCloseTo(each(365 / 7), 10);
      expect(rest.discounted_365![i]).toBeCloseTo(discountedPurchases(each, weeks(365 / 7), discountIn(perYear(0.15), 'week')), 10);
      expect(rest.discounted_365![i]).toBeLessThan(rest.purchases_365![i]!);
      expect(rest.spend_base![i]! + rest.spend_own![i]! * 30).toBeCloseTo((p * (v + x![i]! * 30)) / (p * x![i]! + q - 1), 8);
      expect(rest.scale_base![i]! + rest.scale_own![i]! * 30).toBeCloseTo(v + x![i]! * 30, 8);
      expect(rest.high_365![i]).toBeGreaterThanOrEqual(rest.low_365![i]!);
    }
  });

  test('classes by frequency agree with what was simulated', () => {
    const { calibration } = inputOf(tablesOf(simulated(3000, 700, truth, 1), 700));
    const predicted = Float64Array.from(calibration.x, (x, i) => bgNbd.expected(truth, x, calibration.tx[i]!, calibration.T[i]!, 26));
    const classes = byFrequency(calibration, { predicted } as never, ({ from }) => String(from));
    expect(classes.reduce((sum, { customers }) => sum + customers, 0)).toBe(calibration.customers);
    expect(classes.filter(({ low, high, expected }) => expected < low || expected > high).length).toBeLessThanOrEqual(2);
  });

  test('is deterministic, and another shop shares no number by accident', () => {
    const again = run(simulated(3000, 700, truth, 1), 700);
    expect(again).toEqual(lively);
    const other = run(simulated(1700, 900, { r: 0.9, alpha: 15, a: 0.5, b: 2 }, 8), 900);
    const numbers = ({ summary, findings }: Result) =>
      new Set([summary, ...findings.map(({ claim }) => claim)].join(' ').match(/\d+[.,]\d+/g));
    expect([...numbers(lively)].filter((number) => numbers(other).has(number) && number.length > 4)).toEqual([]);
  });
});

describe('a shop that cannot', () => {
  test('customers who stop at four purchases', () => {
    const capped = run(simulated(6000, 1200, { r: 2, alpha: 60, a: 0.001, b: 50 }, 5, 4), 1200);
    expect(model(capped).supported).toBe(false);
    expect(finding(capped, 'ceiling')!.claim).toMatch(/^The most frequent buyers stopped: .* customers with 3 repeat purchases made none/);
    expect(finding(capped, 'acting')!.claim).toMatch(/cannot support/);
    expect(capped.headline).toMatch(/cannot support/);
    expect(scores(capped).x!.length).toBeGreaterThan(0);
  });

  test('customers of one rate, who never leave', () => {
    const poisson = run(simulated(3000, 700, { r: 1e5, alpha: 1e5 * 30, a: 1e-9, b: 1 }, 6), 700);
    expect(model(poisson).supported).toBe(false);
    expect(String(model(poisson).why)).not.toBe('');
    expect(scores(poisson).p_alive!.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('customers who seldom come back are ranked without a word on who has left', () => {
    const rare = run(simulated(4000, 700, { r: 0.02, alpha: 40, a: 1, b: 2 }, 3), 700);
    expect(model(rare)).toMatchObject({ supported: true, dropout: false, model: 'nbd' });
    expect(rare.headline).toMatch(/who has left it cannot tell/);
    expect(finding(rare, 'acting')!.detail).toMatch(/No model in which customers leave has a fit that stands: who has left cannot be told/);
    expect(scores(rare).p_alive!.every((value) => value === 1)).toBe(true);
  });

  const once = (n: number): Buyer[] => Array.from({ length: n }, (_, i) => ({ days: [(i * 7) % 300], values: [20 + (i % 9)] }));
  const cases: [string, Buyer[], number, boolean][] = [
    ['nobody', [], 0, false],
    ['one customer, bought today', [{ days: [5], values: [10] }], 5, false],
    ['one customer who never came back', [{ days: [0], values: [10] }], 400, true],
    ['one customer who did', [{ days: [0, 30, 90, 380], values: [10, 20, 15, 5] }], 400, true],
    ['one-time buyers alone', once(500), 400, true],
    ['free goods', once(300).map(({ days }) => ({ days, values: [0] })), 400, true],
    ['three weeks', simulated(300, 20, truth, 9), 20, true],
    ['all won today', Array.from({ length: 40 }, () => ({ days: [100], values: [9] })), 100, false],
    ['clockwork', Array.from({ length: 300 }, () => ({ days: [0, 100, 200, 300, 400], values: [5, 5, 5, 5, 5] })), 400, true],
    ['a wholesaler among few', [...once(150), { days: Array.from({ length: 400 }, (_, i) => i), values: Array(400).fill(900) }], 400, true],
  ];

  test.each(cases)('%s', (_, buyers, last, isScored) => {
    const result = run(buyers, last);
    const { x, ...rest } = scores(result);
    expect(x!.length > 0).toBe(isScored);
    for (const column of Object.values(rest)) expect(column!.length).toBe(x!.length);
    for (const column of Object.values(rest)) expect(column!.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    expect(model(result).supported).toBe(false);
    expect(JSON.stringify({ ...result, relations: null })).not.toMatch(/NaN|Infinity|undefined/);
    const ids = ['weekly-tracking', 'cumulative-tracking', 'by-frequency', 'by-recency', 'expected-matrix', 'alive-matrix'];
    const shown = [...result.figures, ...result.tables].map(({ id }) => id);
    for (const id of [...ids, 'spend-distribution', 'spend-frequency', 'holdout', 'parameters']) {
      expect(shown.includes(id) !== Object.hasOwn(result.omitted, id), id).toBe(true);
    }
    for (const metric of result.metrics) expect(metric.value === null || Number.isFinite(metric.value)).toBe(true);
  });
});

test('a degenerate fit is refused in words', () => {
  const words = (one: Parameters<typeof degeneracyWords>[0]) => degeneracyWords(one, format);
  expect(words({ kind: 'border', parameter: 'b', value: 1e7 })).toBe('b runs to infinity');
  expect(words({ kind: 'border', parameter: 'alpha', value: 1e-6 })).toBe('α runs to zero');
  expect(words({ kind: 'singular', parameters: ['s', 'beta'] })).toBe('the data leave s and β open');
  expect(words({ kind: 'uncertain', parameter: 'a', ratio: 22.2 })).toBe('the standard error of a is 22.20 times its value');
  expect(words({ kind: 'ridge', parameters: ['a', 'b'], sd: Math.log(50) })).toBe(
    'a and b can move together by a factor of 50 at hardly any loss',
  );
});

test('intervals of single customers hold as many as they promise', () => {
  const held = /held ([\d.]+)% of them, where ([\d.]+)%/.exec(finding(lively, 'forecast')!.detail)!;
  expect(Number(held[1])).toBeGreaterThan(95);
  expect(Math.abs(Number(held[1]) - Number(held[2]))).toBeLessThan(1.5);
});

test.each([-0.1, 15, Number.NaN, '15%', null])('a discount of %s is refused', (discountPerYear) => {
  const context = { ...modelContext(), params: { discountPerYear } };
  expect(() => analysis.run(tablesOf([], 0), context)).toThrow(/discountPerYear/);
});
