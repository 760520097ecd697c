import { describe, expect, it } from 'vitest';
import type { Customers } from '#api/customers.ts';
import { emptyIndex } from '#api/id-index.ts';
import { parseModel } from '#api/model.ts';
import { Valuation } from '#api/valuation.ts';
import { formatter } from '#contract/format.ts';
import { compress } from '#stats/clv/compress.ts';
import { random } from '#stats/random.ts';
import { candidates } from '../../analyses/value-model/candidate.ts';
import type { Choice } from '../../analyses/value-model/choice.ts';
import type { Rows } from '../../analyses/value-model/input.ts';
import { scoreRows } from '../../analyses/value-model/score.ts';
import { type SpendRule, spendModel } from '../../analyses/value-model/spend.ts';

const format = formatter({ currency: 'EUR', locale: 'en-GB' });
const parameters = {
  'bg-nbd': { r: 0.24, alpha: 4.4, a: 0.79, b: 2.4 },
  'mbg-nbd': { r: 0.52, alpha: 6.2, a: 0.89, b: 1.6 },
  'pareto-nbd': { r: 0.55, alpha: 10.6, s: 0.6, beta: 11.7 },
  nbd: { r: 0.4, alpha: 12 },
} as const;

/** Histories as they come: one-time buyers, the just won, the long gone, the frequent. */
const days = [
  [0, 0, 0],
  [0, 0, 5],
  [0, 0, 700],
  [1, 1, 1],
  [1, 30, 60],
  [2, 40, 600],
  [3, 300, 310],
  [7, 80, 89],
  [12, 500, 501],
  [30, 640, 700],
] as const;

const made = random(3, 'parity');
const buyers = (m: (x: number) => number) => {
  const x = Float64Array.from({ length: 600 }, (_, i) => 1 + (i % 12));
  return { x, m: Float64Array.from(x, m), weight: new Float64Array(600).fill(1) };
};

/** Repeat buyers whose spend makes the analysis take each of its ways. */
const spends: Record<SpendRule, { x: Float64Array; m: Float64Array; weight: Float64Array }> = {
  model: buyers((x) => made.gamma(4 * x) / (x * (made.gamma(6) / 60))),
  'by-frequency': buyers((x) => ((0.3 + 0.12 * x) * made.gamma(4 * x)) / (x * (made.gamma(6) / 60))),
  shrunk: buyers((x) => made.gamma(3 * x) / (x * made.gamma(0.7))),
  pooled: buyers(() => 40),
  'all-purchases': { x: new Float64Array(0), m: new Float64Array(0), weight: new Float64Array(0) },
};

function customersOf(values: Record<string, Float64Array>, m: number[]): Customers {
  const n = days.length;
  const none = { codes: new Uint32Array(n), values: [null] };
  const ages = Int32Array.from(days, ([, , T]) => T);
  return {
    count: n,
    ids: emptyIndex(0, 0),
    dates: { first_order_date: new Int32Array(n), last_order_date: new Int32Array(n) },
    counts: { x: Int32Array.from(days, ([x]) => x), t_x_days: Int32Array.from(days, ([, tx]) => tx), t_days: ages },
    measures: { ...(values as Customers['measures']), m: Float64Array.from(m) },
    words: { segment: none, country: none, region: none, source: none, first_category: none },
    byAge: Uint32Array.from(ages.keys()),
  };
}

const cases = candidates.flatMap(({ id }) => Object.keys(spends).map((rule) => [id, rule as SpendRule] as const));

describe('another horizon is scored by the formulas that the analysis stores values by', () => {
  it.each(cases)('%s, spend %s', (id, rule) => {
    const { law } = candidates.find((one) => one.id === id)!;
    const at: Record<string, number> = parameters[id];
    const names = Object.keys(at);
    const covariance = Float64Array.from({ length: names.length ** 2 }, (_, i) => (i % (names.length + 1) === 0 ? 0.02 : 0));
    const fit = { fit: { names, parameters: at, real: [], covariance } };
    const spend = spendModel(spends[rule], { value: 900, purchases: 30 }, format);
    expect(spend.rule).toBe(rule);
    const column = (c: 0 | 1 | 2, unit = 1) => Float64Array.from(days, (row) => row[c] / unit);
    const histories = { x: column(0), tx: column(1, 7), T: column(2, 7), txDays: column(1), days: column(2) } as Rows;
    const rows = compress(histories);
    const choice = { model: { law, parameters: at, unit: 'week' }, fit, rows } as unknown as Choice;
    const scores = scoreRows(histories, choice, spend, 0.15).relation as Record<string, Float64Array>;
    const m = days.map(([x]) => (x === 0 ? Number.NaN : 30 + x));
    const by = (of: string, base: string, own: string) =>
      Float64Array.from(days, ([x], i) => scores[of]![i]! * (scores[base]![i]! + scores[own]![i]! * (x === 0 ? 0 : m[i]!)));
    const stored = {
      purchases_365: scores.purchases_365!,
      value_365: by('discounted_365', 'spend_base', 'spend_own'),
      value_low: by('low_365', 'scale_base', 'scale_own'),
      value_high: by('high_365', 'scale_base', 'scale_own'),
    };
    const model = parseModel({
      ...{ model: id, law: id, supported: true, why: null, unit: 'week', parameters: at, names, covariance: [...covariance] },
      spend: {
        ...{ rule, parameters: spend.parameters, usual: spend.usual },
        names: spend.fit && [...spend.fit.names],
        covariance: spend.fit?.covariance ? [...spend.fit.covariance] : null,
      },
      discount: { per: 'year', rate: 0.15 },
      horizon: { unit: 'day', year: 365 },
      interval: { level: 0.95 },
    });
    const valuation = new Valuation(customersOf(stored, m), model);
    const every = [...days.keys()];
    const own = valuation.outlooks(every, { horizonDays: 365 });
    const near = valuation.outlooks(every, { horizonDays: 365 + 1e-7 });
    for (const i of every) {
      for (const name of ['expected', 'low', 'high'] as const) {
        expect(near[i]!.value![name], `${name} of row ${i}`).toBeCloseTo(own[i]!.value![name], 4);
      }
      expect(near[i]!.purchases).toBeCloseTo(own[i]!.purchases!, 6);
      expect(near[i]!.pPurchase).toBeCloseTo(own[i]!.pPurchase!, 6);
    }
  });
});
