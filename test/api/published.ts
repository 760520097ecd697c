import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact, Relation } from '#contract/analysis.ts';
import { artifactFolder, type Kept, keep } from '#run/artifacts.ts';
import { Publication } from '#run/publication.ts';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import { compress } from '#stats/clv/compress.ts';
import type { GammaGammaFit } from '#stats/clv/gamma-gamma.ts';
import { days, discountIn, durationIn, perYear } from '#stats/clv/unit.ts';
import { customerValue, score } from '#stats/clv/value.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { exportQuery } from '#warehouse/export.ts';
import { type OfferOptions, offersArtifacts } from './made-offers.ts';

/** Fader, Hardie & Lee (2005): CDNOW, in weeks. */
const parameters = { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 };
const spendParameters = { p: 6.25, q: 3.74, v: 15.44 };
const spend = { parameters: spendParameters, mean: { rule: 'model' }, cohortMean: 35 } as GammaGammaFit;

export interface ShopOptions {
  shop?: string;
  asOf?: string;
  customers?: number;
  /** A different one gives other customers' values. */
  seed?: number;
  /** Ids of the first customers, in place of 'c000000' and so on. */
  ids?: string[];
  /** In place of the country of the first customer. */
  country?: string;
  model?: Artifact;
  currency?: string;
  locale?: string;
  /** What is kept for recommending; nothing unless given. */
  offers?: OfferOptions;
  /** Artifacts to leave out. */
  without?: string[];
}

/** As the analysis value-model leaves it. */
const model = {
  model: 'bg-nbd',
  law: 'bg-nbd',
  name: 'BG/NBD',
  supported: true,
  why: null,
  unit: 'week',
  parameters,
  names: ['r', 'alpha', 'a', 'b'],
  covariance: diagonal([0.002, 0.004, 0.03, 0.05]),
  spend: {
    rule: 'model',
    parameters: spendParameters,
    names: ['p', 'q', 'v'],
    covariance: diagonal([0.01, 0.01, 0.02]),
    usual: 35,
  },
  discount: { per: 'year', rate: 0.15 },
  horizon: { unit: 'day', short: 90, year: 365 },
  interval: { level: 0.95, has_parameter_uncertainty: true },
};

export const unsupported: Artifact = { ...model, supported: false, why: 'no customer has bought more than four times' };
/** Nothing to score with: nobody was seen for a day. */
export const nothing: Artifact = { ...unsupported, model: 'none', law: null, parameters: null, names: null, covariance: null };

/** @returns a new folder, and how to be rid of it. */
export function outFolder(): { out: string; remove: () => void } {
  const out = mkdtempSync(join(tmpdir(), 'lookbook-api-'));
  return { out, remove: () => rmSync(out, { recursive: true, force: true }) };
}

/** Publishes a run as `npm run report` leaves it, of made-up customers whose values are those of the model. */
export async function publishRun(out: string, options: ShopOptions = {}): Promise<{ folder: string; artifacts: Record<string, Kept> }> {
  const { shop = 'demo', asOf = '2026-11-15', without = [], currency = 'EUR', locale = 'en-GB' } = options;
  mkdirSync(artifactFolder(out), { recursive: true });
  const every: Record<string, Kept> = {
    'customer-value/customers': await exported(out, options, asOf),
    'value-model/model': keep(artifactFolder(out), options.model ?? model),
    ...(options.offers ? await offersArtifacts(out, options.offers) : {}),
  };
  const artifacts = Object.fromEntries(Object.entries(every).filter(([name]) => !without.includes(name)));
  const folder = join(out, 'site', shop, asOf);
  const publication = new Publication(folder);
  const about = { id: shop, name: 'Halden & Moor', currency, timezone: 'UTC', locale, capabilities: ['orders'] };
  publication.write(
    'report.json',
    JSON.stringify({ run: { id: 'r', shop: about, asOf, period: { first: asOf, last: asOf } }, reports: [] }),
  );
  const inputs = { shop, asOf };
  publication.write(
    'manifest.json',
    JSON.stringify({ run: `${options.seed ?? 1}`.padStart(64, '0'), inputs, reports: {}, files: {}, artifacts }),
  );
  publication.commit();
  return { folder, artifacts };
}

/** Makes an artifact unreadable as a disk would. */
export function spoil(out: string, kept: Kept, text = 'not what it was'): void {
  writeFileSync(join(artifactFolder(out), kept.file), text);
}

async function exported(out: string, options: ShopOptions, asOf: string): Promise<Kept> {
  const engine = await openDuckDB({ threads: 1, memory: '512MB' });
  try {
    await engine.insert('made', customersOf(options));
    const day = `date '${asOf}'`;
    const sql = `select customer_id, ${day} - t_days as first_order_date, ${day} - t_days + t_x_days as last_order_date, x, t_x_days, t_days,
      t_days - t_x_days as recency_days, case when x > 0 then m end as m, total_value, p_alive, purchases_90, p_purchase_90, purchases_365, value_365,
      value_365 * 0.1 as value_low, value_365 * 4 as value_high, t_days < 90 as is_new, segment, country, region, source, first_category
      from made order by customer_id`;
    return await exportQuery(engine, sql, artifactFolder(out), 'customers');
  } finally {
    engine.close();
  }
}

function customersOf({ customers = 400, seed = 1, ids = [], country }: ShopOptions): Relation {
  const next = stream(seed);
  const whole = (below: number) => Math.floor(next() * below);
  const x = Int32Array.from({ length: customers }, () => (next() < 0.6 ? 0 : 1 + whole(8)));
  const T = Int32Array.from({ length: customers }, (_, i) => Math.max(x[i]!, whole(i % 3 === 0 ? 90 : 700)));
  const tx = Int32Array.from({ length: customers }, (_, i) => (x[i] === 0 ? 0 : x[i]! + whole(T[i]! - x[i]! + 1)));
  const m = Float64Array.from({ length: customers }, () => Math.round(500 + 8000 * next()) / 100);
  const inWeeks = { x, tx: Float64Array.from(tx, (d) => d / 7), T: Float64Array.from(T, (d) => d / 7) };
  const rows = compress(inWeeks);
  const purchases = { law: bgNbd, parameters, unit: 'week' } as const;
  const spread = (values: Float64Array) => Float64Array.from(rows.row, (row) => values[row]!);
  const near = score(purchases, rows, durationIn(days(90), 'week'));
  const year = durationIn(days(365), 'week');
  const pick = (list: (string | null)[]) => Array.from({ length: customers }, () => list[whole(list.length)] ?? null);
  const countries = pick(['Spain', 'Germany', 'Brasil', null]);
  if (country !== undefined) countries[0] = country;
  return {
    customer_id: Array.from({ length: customers }, (_, i) => ids[i] ?? `c${String(i).padStart(6, '0')}`),
    x,
    t_x_days: tx,
    t_days: T,
    m,
    total_value: Float64Array.from(m, (value, i) => value * (x[i]! + 1)),
    p_alive: spread(near.alive),
    purchases_90: spread(near.expected),
    p_purchase_90: spread(near.any),
    purchases_365: spread(score(purchases, rows, year).expected),
    value_365: customerValue(purchases, spend, { ...inWeeks, m }, year, discountIn(perYear(0.15), 'week')),
    segment: pick(['low', 'mid', 'high', null]),
    country: countries,
    region: pick(['North', 'South', null]),
    source: pick(['Search', 'Email', 'Organic']),
    first_category: pick(['Jeans', 'Coats', 'Socks & "Tights"']),
  };
}

/** Uniform numbers below 1 (mulberry32). */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function diagonal(values: number[]): number[] {
  return values.flatMap((value, i) => values.map((_, j) => (i === j ? value : 0)));
}
