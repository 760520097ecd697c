import { describe, expect, test } from 'vitest';
import { choose } from '../../analyses/value-model/choice.ts';
import { judge } from '../../analyses/value-model/holdout.ts';
import type { Calibration, Rows } from '../../analyses/value-model/input.ts';
import { absent, cdnowExact } from '../stats/clv/cdnow.ts';
import { modelContext } from './value-model-fixture.ts';

const { format } = modelContext();

/** A customer a row: 39 weeks of calibration and 39 of holdout. */
function cdnow(): { histories: Rows; calibration: Calibration } {
  const { x, tx, T, later } = cdnowExact();
  const n = x.length;
  const of = (values: number[]) => Float64Array.from(values);
  const rows = {
    ...{
      x: of(x),
      tx: of(tx),
      T: of(T),
      weight: new Float64Array(n).fill(1),
      txDays: of(tx.map((t) => 7 * t)),
      days: of(T.map((t) => 7 * t)),
    },
    ...{ customers: n, purchases: x.reduce((a, b) => a + b, 0), exposure: T.reduce((a, b) => a + b, 0) },
  };
  const none = new Float64Array(n);
  return {
    histories: rows,
    calibration: {
      ...{ ...rows, recent: none, later: of(later), m: none, laterValue: none, cutoff: '1997-09-30', holdoutDays: 273 },
      laterPurchases: later.reduce((a, b) => a + b, 0),
    },
  };
}

describe.skipIf(absent)(`CDNOW${absent}`, () => {
  const { histories, calibration } = absent ? ({} as ReturnType<typeof cdnow>) : cdnow();
  const holdout = absent ? null : judge(calibration, 1, format);
  const method = (id: string) => holdout!.methods.find((one) => one.id === id)!;

  // Mean absolute errors as published with the tools of reference/ml-facts.md.
  test.each([
    ['bg-nbd', 0.7855],
    ['pareto-nbd', 0.7545],
    ['zero', 0.7985],
  ])('the mean absolute error of %s is the published one', (id, mae) => {
    expect(method(id).mae!.value).toBeCloseTo(mae, 3);
    expect(method(id).mae!.low).toBeLessThan(mae);
    expect(method(id).mae!.high).toBeGreaterThan(mae);
  });

  test('every model stands, sums are forecast, and the choice is one that finds the buyers', () => {
    expect(holdout!.fitted.map(({ refused }) => refused)).toEqual([[], [], [], []]);
    const choice = choose(histories, calibration, holdout, format);
    expect(choice).toMatchObject({ isSupported: true, forecasts: true, why: '' });
    expect(['bg-nbd', 'mbg-nbd', 'pareto-nbd']).toContain(choice.id);
    for (const plain of ['nbd', 'mean']) expect(choice.method!.score!).toBeGreaterThan(method(plain).score!);
  });
});
