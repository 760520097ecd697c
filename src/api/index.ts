import { resolve } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import { publishedRuns } from '#run/artifacts.ts';
import type { RunReference } from './artifact-file.ts';
import { type CustomerValue, customerOf } from './customer.ts';
import { type Horizon, horizonInDays } from './horizon.ts';
import { rowOf } from './id-index.ts';
import { LoadedRuns, loadRun, needed } from './load.ts';
import { chooseRun } from './run-choice.ts';
import { Valuation } from './valuation.ts';

export { days, months, weeks, years } from '#stats/clv/unit.ts';
export type { Judgement } from './judgement.ts';
export type { Product } from './products.ts';
export type { Fallback } from './question.ts';
export {
  type RecommendAnswer,
  type RecommendBasis,
  type RecommendFor,
  type RecommendQuery,
  recommendProducts,
  type SimilarAnswer,
  similarProducts,
} from './recommend.ts';
export type { RecommendationReason, Recommended } from './recommendation.ts';
export type { CustomerValue, Horizon, RunReference };

/** Which run to ask. */
export interface RunQuery {
  /** Output folder of the runs. @default 'output' */
  out?: string;
  /** @default the only shop published. */
  shop?: string | null;
  /** Day of the run, 'YYYY-MM-DD'. @default the newest. */
  asOf?: string | null;
  /** How far to look ahead, with its unit: `weeks(52)`, `days(90)`, '52w'. @default the horizon of the run, 365 days. */
  horizon?: Horizon;
}

/** What every answer says besides its customers. */
export interface Basis {
  run: RunReference;
  /** Newer days of the shop whose runs lack customer value. */
  passedOver: string[];
  shop: { name: string; currency: string; locale: string };
  /** False where the shop can't carry a model: values are then those of a stated fallback, or null. */
  supported: boolean;
  /** Why not; null where it can. */
  reason: string | null;
  /** What scored the customers: 'bg-nbd' … */
  model: string;
  horizonDays: number;
  /** Effective discount a year, 0.15 for 15%. */
  discountPerYear: number;
  /** Level of the intervals, 0.95. */
  level: number;
}

export interface HighValueAnswer extends Basis {
  firstPurchaseWithinDays: number;
  /** New customers in all. */
  found: number;
  /** The most valuable first; equal ones by id. */
  customers: CustomerValue[];
}

export interface PredictionAnswer extends Basis {
  /** Those found, in the order asked for, each once. */
  customers: CustomerValue[];
  /** Ids that the run doesn't know, in the order asked for, each once. */
  unknown: string[];
}

const runs = new LoadedRuns(loadRun);

/**
 * New customers by predicted value, from the last published run; nothing is fitted.
 * @param query.firstPurchaseWithinDays first purchase fewer than so many days before the run's as-of day. @default 90
 * @param query.top how many, at most. @default 50
 * @returns expected discounted value within the horizon with its interval (shop's currency), purchases, chances (0 to 1); none where
 * `supported` is false and the horizon is not the run's own.
 * @throws LookbookError: usage for an unknown shop, day, horizon or number; source where nothing is published, the run lacks customer
 * value, or its files are not what its manifest says.
 */
export async function highValueNewCustomers(
  query: RunQuery & { firstPurchaseWithinDays?: number; top?: number } = {},
): Promise<HighValueAnswer> {
  const { firstPurchaseWithinDays = 90, top = 50 } = query;
  atLeastOne(firstPurchaseWithinDays, 'firstPurchaseWithinDays');
  atLeastOne(top, 'top');
  const { basis, valuation } = await opened(query);
  const ranked = valuation.ranking(firstPurchaseWithinDays, basis);
  return { ...basis, firstPurchaseWithinDays, found: ranked.length, customers: described(valuation, ranked.subarray(0, top), basis) };
}

/**
 * Predicted value of given customers, from the last published run; nothing is fitted. An id asked for twice is answered once; an empty
 * list gives an empty answer.
 * @param ids customer ids as the reports print them.
 * @throws LookbookError as `highValueNewCustomers`; usage for an id that isn't text.
 */
export async function predictCustomerValue(ids: readonly string[], query: RunQuery = {}): Promise<PredictionAnswer> {
  const asked = [...new Set(ids)];
  const odd = asked.find((id) => typeof id !== 'string');
  if (odd !== undefined) throw new LookbookError('usage', { what: 'not a customer id', where: 'ids', expected: 'text', found: typeof odd });
  const { basis, valuation } = await opened(query);
  const rows = asked.map((id) => rowOf(valuation.customers.ids, id));
  return {
    ...basis,
    customers: described(
      valuation,
      rows.filter((row) => row >= 0),
      basis,
    ),
    unknown: asked.filter((_, i) => rows[i]! < 0),
  };
}

async function opened({ out = 'output', shop, asOf, horizon }: RunQuery): Promise<{ basis: Basis; valuation: Valuation }> {
  const asked = horizon === undefined ? null : horizonInDays(horizon);
  const folder = resolve(out);
  const { run, passedOver } = chooseRun(publishedRuns(folder), { shop: shop ?? null, asOf: asOf ?? null }, needed, folder);
  const loaded = await runs.get(run);
  const { supported, reason, id: model, horizonDays, discountPerYear, level } = loaded.model;
  const basis = { run: loaded.reference, passedOver, shop: loaded.shop, supported, reason, model, discountPerYear, level };
  return { basis: { ...basis, horizonDays: asked ?? horizonDays }, valuation: new Valuation(loaded.customers, loaded.model) };
}

function described(valuation: Valuation, rows: ArrayLike<number>, basis: Basis): CustomerValue[] {
  const outlooks = valuation.outlooks(rows, basis);
  return Array.from(rows, (row, i) => customerOf(valuation.customers, row, outlooks[i]!));
}

function atLeastOne(value: number, where: string): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new LookbookError('usage', { what: 'not a whole number of at least 1', where, found: String(value) });
}
