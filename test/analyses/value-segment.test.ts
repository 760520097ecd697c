import type { ColumnTable } from 'arquero';
import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import type { Context, Result } from '#contract/analysis.ts';
import { random } from '#stats/random.ts';
import analysis from '../../analyses/value-segment/analysis.ts';
import { boundariesOf, segmentsOf } from '../../analyses/value-segment/boundary.ts';
import { judge } from '../../analyses/value-segment/judgement.ts';
import { relationsOf, scored, segmentsByScore, thresholdOf } from '../../analyses/value-segment/scorecard.ts';
import { measure } from '../../analyses/value-segment/study.ts';
import { context as shopContext } from './sales-fixture.ts';

const context = (): Context => ({ ...shopContext(), params: analysis.params });

type Shop = {
  customers: number;
  seed: number;
  /** What makes a customer buy later: the last purchase, the category of the first, or nothing. */
  driver: 'recency' | 'category' | 'none';
};

const recencies = ['0 to 7 days', '31 to 60 days', '183 to 365 days', 'over 730 days'];
const days = [4, 45, 270, 900];

/** Customers at the three moments, whose later value hangs on one thing. */
function shopOf({ customers, seed, driver }: Shop): Record<string, ColumnTable> {
  const draw = random(seed, 'value-segment');
  const rows = ['training', 'judging', 'today'].flatMap((moment) =>
    Array.from({ length: customers }, (_, place) => {
      const r = draw.integer(4);
      const category = ['Jeans', 'Coats', '<i>Socks</i>'][draw.integer(3)]!;
      const chance = driver === 'recency' ? [0.6, 0.35, 0.15, 0.05][r]! : driver === 'category' ? (category === 'Jeans' ? 0.6 : 0.1) : 0.25;
      const value = draw.uniform() < chance ? Math.round(10_000 * draw.gamma(2)) / 100 : 0;
      const x = draw.integer(3);
      const age = days[r]! + 100 + draw.integer(200);
      return {
        ...{
          moment,
          place,
          moment_date: { training: '2025-08-17', judging: '2026-02-15', today: '2026-08-16' }[moment]!,
          horizon_days: 182,
          customers,
        },
        ...{
          x,
          t_x_days: x > 0 ? age - days[r]! : 0,
          t_days: x > 0 ? age : days[r]!,
          recency_days: days[r]!,
          m: x > 0 ? 50 + draw.integer(20) : null,
        },
        ...{ mean_value: 50, first_value: 50, first_pieces: 1, first_discount: null, pieces_back: 0 },
        ...{
          recency_bin: recencies[r]!,
          frequency_bin: String(x + 1),
          age_bin: 'over 730 days',
          pace_bin: 'one purchase',
          rate_bin: 'none',
        },
        ...{ value_bin: '1 to 1.4', first_value_bin: '1 to 1.4', first_pieces_bin: '1', first_discount_bin: 'none', returned_bin: 'none' },
        ...{ first_category_bin: category, source_bin: 'Search', country_bin: 'Spain' },
        ...{ later_purchases: moment === 'today' ? null : value > 0 ? 1 : 0, later_value: moment === 'today' ? null : value },
      };
    }),
  );
  return { rows: aq.from(rows) as ColumnTable };
}

const run = (shop: Shop) => analysis.run(shopOf(shop), context()) as Result;
describe('boundaries', () => {
  it('call low who brings nothing, and halve the others, where a third brings nothing', () => {
    const found = boundariesOf(Float64Array.of(0, 0, 0, 10, 20, 30, 40))!;
    expect(found).toEqual({ rule: 'nothing', low: 0, high: 25 });
    expect([...segmentsOf(Float64Array.of(-5, 0, 10, 25, 99), found)]).toEqual([0, 0, 1, 2, 2]);
  });

  it('cut in thirds where most bring something', () => {
    const found = boundariesOf(Float64Array.from({ length: 91 }, (_, i) => i))!;
    expect(found).toEqual({ rule: 'thirds', low: 30, high: 60.5 });
    const counts = [0, 0, 0];
    for (const k of segmentsOf(
      Float64Array.from({ length: 91 }, (_, i) => i),
      found,
    ))
      counts[k]!++;
    expect(counts).toEqual([31, 30, 30]);
  });

  it('are absent where nobody, or all alike, bring something', () => {
    expect(boundariesOf(new Float64Array(10))).toBeNull();
    expect(boundariesOf(Float64Array.of(0, 0, 7, 7))).toBeNull();
    expect(boundariesOf(new Float64Array(0))).toBeNull();
  });
});

describe('thresholdOf', () => {
  it.each([
    [[1, 2, 3, 4], 1, 3.5],
    [[1, 2, 3, 4], 4, 0],
    [[1, 2, 3, 4], 0, 5],
    [[1, 2, 2, 2, 3], 2, 2.5],
    [[1, 2, 2, 2, 3], 3, 1.5],
    [[5, 5, 5, 5], 1, 6],
  ])('of %j for %d above it is %d', (scores, wanted, threshold) => {
    expect(thresholdOf(Float64Array.from(scores), wanted)).toBe(threshold);
  });
});

describe('judge', () => {
  it('gives every ranking as many customers a segment as the scorecard has', () => {
    const [score, said] = [Float64Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(0, 0, 0, 1, 1, 2)];
    const came = { segment: Uint8Array.of(0, 0, 1, 0, 1, 2), value: Float64Array.of(0, 0, 5, 0, 5, 90) };
    const rival = { name: 'the other way round', score: score.map((value) => -value) };
    const [own, other, most] = judge(
      { score, said },
      [
        { id: 'recency', ranking: rival },
        { id: 'trees', ranking: null },
      ],
      came,
    );
    expect(own!.confusion.counts).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(own).toMatchObject({ aucHigh: { value: 1 }, topTenth: 0.9, gain: null });
    expect(other!.confusion.classes.map(({ predicted }) => predicted)).toEqual([3, 2, 1]);
    expect(other).toMatchObject({ aucHigh: { value: 0 }, topTenth: 0, gain: { auc: { difference: 1 } } });
    expect(most).toMatchObject({ id: 'majority', kappa: null, confusion: { accuracy: { value: 0.5 } } });
  });
});

describe('value-segment', () => {
  it('learns what the last purchase alone tells too, and says that it is no better', () => {
    const study = measure(shopOf({ customers: 3000, seed: 1, driver: 'recency' }), context());
    expect(study.verdict).toBe('same');
    expect(study.rival?.id).toBe('recency');
    expect(study.learned!.card.tested.every(({ isIn }) => !isIn)).toBe(true);
    const result = run({ customers: 3000, seed: 1, driver: 'recency' });
    expect(result.headline).toContain('no better than the day of the last purchase alone');
    expect(result.figures.map(({ id }) => id)).toEqual(['segment-confusion', 'segment-auc', 'segment-calibration', 'segment-weights']);
    expect(result.omitted).toEqual({});
  });

  it('finds what only the first order tells, and hands the segment on', () => {
    const shop: Shop = { customers: 3000, seed: 2, driver: 'category' };
    const study = measure(shopOf(shop), context());
    expect(study.verdict).toBe('adds');
    expect(study.learned!.card.tested.filter(({ isIn }) => isIn).map(({ feature }) => feature.id)).toEqual(['first_category']);
    const result = run(shop);
    const { points, rule } = result.relations!;
    expect(points!.feature).toContain('first_category');
    expect([...(rule!.mid_from as Float64Array)]).toEqual([study.handed!.midFrom]);
    expect(result.findings.find(({ id }) => id === 'segment-first-order')!.claim).toContain('category of the first purchase tells');
  });

  it('says that nothing can be told where nothing can, and hands nothing on', () => {
    const result = run({ customers: 3000, seed: 3, driver: 'none' });
    expect(result.headline).toBe('Who will be worth most can’t be told beforehand here');
    expect(result.findings[0]).toMatchObject({ id: 'segment-learning', kind: 'nothing' });
    expect(result.findings.map(({ id }) => id)).not.toContain('segment-high');
    for (const relation of Object.values(result.relations!)) for (const column of Object.values(relation)) expect(column.length).toBe(0);
  });

  it('claims something in hardly any of forty shops without a pattern', () => {
    const verdicts = Array.from(
      { length: 40 },
      (_, seed) => measure(shopOf({ customers: 500, seed: 100 + seed, driver: 'none' }), context()).verdict,
    );
    expect(verdicts.filter((verdict) => verdict === 'adds' || verdict === 'same').length).toBeLessThanOrEqual(1);
  });

  it('adds up its points as SQL would', () => {
    const { learned } = measure(shopOf({ customers: 1000, seed: 4, driver: 'category' }), context());
    const { card, judging } = learned!;
    const { points, rule } = relationsOf(card);
    const at = (feature: string, bin: string) =>
      (points.feature as string[]).findIndex((one, i) => one === feature && points.bin![i] === bin);
    const { score, chances } = scored(card, judging);
    for (const i of [0, 17, 999]) {
      const own = ['intercept', ...card.fit.names]
        .map((name) => at(name, name === 'intercept' ? 'all' : judging.bins[name]![i]!))
        .filter((k) => k >= 0);
      const [low, mid, high] = (['low', 'mid', 'high'] as const).map((k) =>
        own.reduce((sum, line) => sum + (points[k] as Int32Array)[line]!, 0),
      );
      const [midOdds, highOdds] = [Math.exp((mid! - low!) / 1000), Math.exp((high! - low!) / 1000)];
      const value = (k: string) => (rule[k] as Float64Array)[0]!;
      expect(score[i]).toBeCloseTo(
        (value('low_value') + value('mid_value') * midOdds + value('high_value') * highOdds) / (1 + midOdds + highOdds),
        9,
      );
      expect(chances[3 * i]! + chances[3 * i + 1]! + chances[3 * i + 2]!).toBeCloseTo(1, 12);
    }
    const wanted = learned!.training.segment.filter((k) => k === 2).length;
    const named = segmentsByScore(card, scored(card, learned!.training).score).filter((k) => k === 2).length;
    expect(Math.abs(named - wanted)).toBeLessThan(150);
  });

  it.each([
    ['no query', {}],
    ['no customer', { rows: aq.from([] as object[]) as ColumnTable }],
    ['one customer', shopOf({ customers: 1, seed: 5, driver: 'recency' })],
    ['a few customers', shopOf({ customers: 60, seed: 6, driver: 'recency' })],
    [
      'today alone',
      { rows: shopOf({ customers: 300, seed: 7, driver: 'recency' }).rows!.filter((row: { moment: string }) => row.moment === 'today') },
    ],
    [
      'nobody who bought again',
      { rows: shopOf({ customers: 300, seed: 8, driver: 'none' }).rows!.derive({ later_value: () => 0 }) as ColumnTable },
    ],
  ])('stands a shop of %s', (_, tables) => {
    const result = analysis.run(tables as Record<string, ColumnTable>, context()) as Result;
    expect(result.headline).toContain('No segment can be learned yet');
    expect(Object.keys(result.omitted)).toHaveLength(7);
    expect(result.findings).toEqual([]);
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
    expect(result.relations!.points!.feature).toEqual([]);
  });

  it('is the same twice, and shares no measured number with another shop', () => {
    const shop: Shop = { customers: 1500, seed: 9, driver: 'recency' };
    const [once, other] = [run(shop), run({ customers: 1700, seed: 10, driver: 'category' })];
    expect(run(shop)).toEqual(once);
    once.metrics.forEach(({ value }, i) => {
      expect(value).not.toBe(other.metrics[i]!.value);
    });
    const ranked = (result: Result) => result.tables.find(({ id }) => id === 'methods')!.rows.map((row) => row.auc_high);
    expect(ranked(once).filter((value) => value !== null && ranked(other).includes(value))).toEqual([]);
  });
});
