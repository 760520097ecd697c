import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { filesSource } from '#source/files.ts';
import { thelook } from '#source/thelook.ts';
import analysis from '../../analyses/value-model/analysis.ts';
import { inputsFrom } from './value-model-chain.ts';
import { modelContext } from './value-model-fixture.ts';

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: ../shared/data/thelook is not there)';
const moment = { wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC' };

describe.skipIf(reason)(`value model of theLook${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-value-'));
  let result: Result;
  let own: Record<string, ArrayLike<unknown>>;

  beforeAll(async () => {
    const { tables, engine } = await inputsFrom(filesSource({ data, format: thelook }), moment, folder);
    result = (await analysis.run(tables, modelContext())) as Result;
    own = await engine.columns(`
      select count(distinct user_id)::double as buyers
      from '${data}/orders.parquet'
      where status <> 'Cancelled' and created_at < timestamp '${moment.wall}'
        and not (status = 'Returned' and returned_at < timestamp '${moment.wall}')`);
    engine.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const model = () =>
    result.artifacts!.model as {
      verdicts: unknown;
      supported: boolean;
      forecasts: boolean;
      dropout: boolean;
      model: string;
      customers: number;
    };

  it('scores every customer whom plain SQL finds', () => {
    expect(model().customers).toBe(Number(own.buyers![0]));
  });

  it('says that the shop cannot support a list, and what that means', () => {
    expect(model()).toMatchObject({ supported: false, dropout: false, forecasts: false, model: 'nbd' });
    expect(result.headline).toMatch(/cannot support a list/);
    const acting = result.findings.find(({ id }) => id === 'acting')!;
    expect(acting.action!.do).toMatch(/Do not spend by the order of this list/);
    expect(acting.effect!.interval!.high).toBeLessThan(0.1);
  });

  it('refuses the fits that run to the border, and prints every baseline', () => {
    const { rows, note } = result.tables.find(({ id }) => id === 'holdout')!;
    expect(rows.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['BG/NBD (refused)', 'MBG/NBD (refused)', 'Pareto/NBD', 'NBD (used)', 'Predict zero', 'Mean rate of all']),
    );
    expect(note).toMatch(/BG\/NBD is refused: b runs to infinity/);
  });

  it('finds that nobody buys a fifth time, and that the present is not as the past', () => {
    expect(result.findings.find(({ id }) => id === 'ceiling')!.detail).toMatch(/No customer of this shop has more than 4 purchases/);
    expect(result.findings.find(({ id }) => id === 'leaving')!.kind).toBe('nothing');
    expect(result.findings.find(({ id }) => id === 'forecast')!.action).toBeDefined();
  });
});
