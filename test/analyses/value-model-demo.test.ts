import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { demoDefaults, writeDemo } from '#source/demo/demo.ts';
import type { DemoTruth } from '#source/demo/truth.ts';
import { demoSource } from '#source/demo.ts';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import { cholesky, dot, solveCholesky } from '#stats/clv/matrix.ts';
import analysis from '../../analyses/value-model/analysis.ts';
import { type Holdout, judge, type Method, scoreDifference } from '../../analyses/value-model/holdout.ts';
import { type Input, inputOf, type SpendRows } from '../../analyses/value-model/input.ts';
import { spendModel } from '../../analyses/value-model/spend.ts';
import { inputsFrom } from './value-model-chain.ts';
import { modelContext } from './value-model-fixture.ts';

const context = { ...modelContext(), asOf: demoDefaults.end, week: '2026-11-09' };
const moment = { wall: '2026-11-16 00:00:00', asOf: context.asOf, week: context.week, timezone: 'UTC' };

/** 95% point of chi-squared with three degrees of freedom. */
const chiSquared = 7.815;

/** Squared distance of parameters from the truth in standard errors, on the scale of logarithms. */
function distance(names: readonly string[], found: Record<string, number>, truth: object, covariance: ArrayLike<number>): number {
  const away = Float64Array.from(names, (name) => Math.log(found[name]! / (truth as Record<string, number>)[name]!));
  return dot(away, solveCholesky(cholesky(Float64Array.from(covariance), names.length)!, away));
}

describe('the demo shop, whose parameters are known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-value-'));
  let truth: DemoTruth['purchases'];
  let result: Result;
  let input: Input;
  let holdout: Holdout;
  let gross: SpendRows;

  beforeAll(async () => {
    const { tables, engine } = await inputsFrom(demoSource({}), moment, folder);
    ({ purchases: truth } = (await writeDemo({ ...demoDefaults, customers: 20 }, mkdtempSync(join(folder, 'truth-')))).truth);
    result = (await analysis.run(tables, context)) as Result;
    input = inputOf(tables);
    holdout = judge(input.calibration, 1, context.format)!;
    const spent = await engine.columns(`
      with orders as (
        select customer_id, order_id, sum(gross_amount) as value, row_number() over (partition by customer_id order by min(ordered_at)) as place
        from order_items_enriched where is_sale group by customer_id, order_id
      )
      select count(*)::double as x, avg(value)::double as m from orders where place > 1 group by customer_id order by customer_id`);
    const numbers = (name: string) => Float64Array.from(spent[name] as ArrayLike<number>);
    gross = { x: numbers('x'), m: numbers('m'), weight: new Float64Array(numbers('x').length).fill(1) };
    engine.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gets its parameters back within their intervals', () => {
    const { parameters, covariance, names } = result.artifacts!.model as unknown as {
      parameters: Record<string, number>;
      covariance: number[];
      names: string[];
    };
    expect(names).toEqual(['r', 'alpha', 'a', 'b']);
    // Not jointly: the outage, the fading region and orders that came back entirely thin the process a little.
    for (const [i, name] of names.entries()) {
      const away = Math.abs(Math.log(parameters[name]! / truth.bgnbd[name as 'r']));
      expect(away / Math.sqrt(covariance[i * 5]!), name).toBeLessThan(1.96);
    }
  });

  it('gets those of spend back from what was paid, before returns', () => {
    const { fit, rule } = spendModel(gross, { value: 0, purchases: 0 }, context.format);
    expect(rule).toBe('model');
    expect(distance(fit!.names, fit!.parameters, truth.gamma_gamma, fit!.covariance!)).toBeLessThan(chiSquared);
  });

  it('chooses a model that does no worse on the holdout than the truth', () => {
    const { calibration } = input;
    const { x, tx, T, later, weight } = calibration;
    const logs = Float64Array.from(x, (value, i) => Math.log(bgNbd.count(truth.bgnbd, value, tx[i]!, T[i]!, holdout.weeks, later[i]!)));
    const chosen = holdout.methods.find(({ id }) => id === (result.artifacts!.model as { model: string }).model)!;
    const gap = scoreDifference(chosen, { logs } as Method, weight)!;
    expect(gap.high).toBeGreaterThan(0);
    expect(result.artifacts!.model).toMatchObject({ model: 'bg-nbd', supported: true, forecasts: true });
  });

  it('reconciles: purchases by day are those of the histories, before the cut-off and after', () => {
    const { daily, calibration, histories } = input;
    const sum = (keep: (day: number) => boolean) =>
      daily.purchases.reduce((total, value, i) => total + (keep(daily.day[i]!) ? value : 0), 0);
    expect(sum((day) => day <= 0)).toBe(calibration.purchases);
    expect(sum((day) => day > 0)).toBe(calibration.laterPurchases);
    expect(result.relations!.scores!.x).toHaveLength(histories.x.length);
    const recent = calibration.recent.reduce((total, value, i) => total + value * calibration.weight[i]!, 0);
    expect(recent).toBe(sum((day) => day <= 0 && day > -calibration.holdoutDays));
  });
});
