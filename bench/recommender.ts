import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { type AppraiseOptions, appraise, defaultAppraisal, type Plan } from '#recommender/appraise.ts';
import { openBackend } from '#recommender/backend.ts';
import { buildIndex, offerOf } from '#recommender/build.ts';
import type { Catalogue } from '#recommender/catalogue.ts';
import { defaultEase, ease, easeScorer } from '#recommender/ease.ts';
import { evaluate } from '#recommender/evaluate.ts';
import { holdout } from '#recommender/holdout.ts';
import { readIndex, writeIndex } from '#recommender/index.ts';
import { between, bought, dayNumber, type Interactions, interactions } from '#recommender/interactions.ts';
import { defaultItemItem, itemItem, neighbourScorer, type Weighting } from '#recommender/item-item.ts';
import { recommender } from '#recommender/recommender.ts';
import type { Scorer } from '#recommender/scorer.ts';
import { train } from '#recommender/train.ts';
import { root } from './shop.ts';

/**
 * What the recommender is worth and what it costs.
 *
 *     node bench/recommender.ts                          # Online Retail II, last 8 weeks held out, beside item-item CF and EASE^R
 *     node bench/recommender.ts --python venv/bin/python # and beside ALS of `implicit`, installed there
 *     node bench/recommender.ts --shop thelook           # the negative control
 *     node bench/recommender.ts --speed                  # 29,000 products and 180,000 purchases; lists for 100,000 customers
 */
const { values } = parseArgs({
  options: { shop: { type: 'string', default: 'retail' }, python: { type: 'string' }, speed: { type: 'boolean', default: false } },
});
const seed = 1;
const shared = join(root, '../shared/data');
const alsScript = `
import json, sys, numpy as np, scipy.sparse as sp, implicit
d = json.load(open(sys.argv[1])); X = sp.csr_matrix((np.ones(len(d['item']), np.float32), (d['user'], d['item'])), shape=(d['users'], d['items']))
for f, a, r in ((64, 1, .05), (128, 1, .05), (64, 2, 10), (64, 5, 10), (128, 2, 10)):
    m = implicit.als.AlternatingLeastSquares(factors=f, alpha=a, regularization=r, iterations=20, random_state=1, num_threads=1)
    m.fit(X, show_progress=False); rec = []; nd = []
    for u, truth in zip(d['asked'], d['truth']):
        s = m.item_factors @ m.user_factors[u]; s[X[u].indices] = -np.inf; top = np.argsort(-s, kind='stable')[:20]; hit = np.isin(top, truth)
        rec.append(hit.sum() / len(truth)); nd.append((hit[:10] / np.log2(np.arange(2, 12))).sum() / (1 / np.log2(np.arange(2, 2 + min(10, len(truth))))).sum())
    print(f'| implicit ALS, {f} factors, alpha {a}, regularization {r} | {np.mean(rec):.4f} | | {np.mean(nd):.4f} |', flush=True)
`;
const backend = await openBackend();
say(`${backend.name} ${backend.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
if (values.speed) await speed();
else await quality(values.shop === 'thelook' ? await thelook() : await retail());

interface Data {
  catalogue: Catalogue;
  data: Interactions;
}

/** Two appraisals: new products only, as peers are compared, and as it is served, where products that are bought again stay in. */
async function quality({ catalogue, data }: Data): Promise<void> {
  const offer = offerOf(catalogue);
  say(`${data.products} products, ${data.customers.length} customers, ${data.histories.product.length} entries`);
  const served: AppraiseOptions = { ...defaultAppraisal, seed };
  const newOnly: AppraiseOptions = { ...served, repeat: { share: 2, customers: 1 } };
  for (const [name, options] of Object.entries({ 'new products only': newOnly, 'as served': served })) {
    const time = timer();
    const found = await appraise(data, offer, options, backend);
    say(`\n## ${name}: ${time().text}\n`);
    say(`${found.verdict}; served: ${found.served}; ${JSON.stringify({ ...found.plan, epochs: undefined })}`);
    say(`${found.test?.customers} customers, ${found.test?.unknown} without a history\n`);
    say('| | Recall@20 | 95% interval | NDCG@10 | warm | cold | coverage | novelty |\n|---|--:|--:|--:|--:|--:|--:|--:|');
    for (const { id, recall, ndcg, warmProducts, coldProducts, coverage, novelty } of found.results) {
      const interval = recall ? `${digits(recall.low)}–${digits(recall.high)}` : '';
      const cells = [recall?.value, interval, ndcg?.value, warmProducts?.value, coldProducts?.value, coverage];
      say(`| ${id} | ${cells.map((cell) => (typeof cell === 'string' ? cell : digits(cell))).join(' | ')} | ${novelty.toFixed(1)} |`);
    }
    if (options === newOnly && found.test) peers(data, found.test.from, found.test.to);
  }
}

/** As peers are usually run: no recency in the history. The same holdout and metric. */
function peers(data: Interactions, from: number, to: number): void {
  const flat = { kinds: [0.2, 0.5, 1], halfLife: 1e9 } as const;
  const asked = holdout(data, from, to, { taste: flat, repeats: new Uint8Array(data.products), limit: defaultAppraisal.customers });
  const before = bought(between(data.histories, Number.NEGATIVE_INFINITY, from));
  const show = (name: string, scorer: Scorer) => {
    const { recall, ndcg } = evaluate(scorer, asked);
    say(`| ${name} | ${digits(mean(recall))} | | ${digits(mean(ndcg))} |`);
  };
  say('\n| peers, history unweighted | Recall@20 | | NDCG@10 |\n|---|--:|--:|--:|');
  for (const weighting of ['cosine', 'tfidf', 'bm25'] satisfies Weighting[]) {
    for (const k of [50, 200])
      show(`item-item ${weighting}, k = ${k}`, neighbourScorer(itemItem(before, data.products, { ...defaultItemItem, weighting, k })));
  }
  for (const lambda of [300, 1000])
    show(`EASE^R, λ = ${lambda}`, easeScorer(ease(before, data.products, backend, { ...defaultEase, lambda })));
  if (values.python) als(values.python, data, asked);
}

function als(python: string, data: Interactions, asked: ReturnType<typeof holdout>): void {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-als-'));
  try {
    const { offsets, product } = bought(between(data.histories, Number.NEGATIVE_INFINITY, asked.from));
    const user = Array.from(product, () => 0);
    for (let c = 0; c + 1 < offsets.length; c++) user.fill(c, offsets[c], offsets[c + 1]);
    const truth = Array.from(asked.customers, (_, i) => [
      ...asked.truth.product.subarray(asked.truth.offsets[i], asked.truth.offsets[i + 1]),
    ]);
    const file = join(folder, 'data.json');
    writeFileSync(
      file,
      JSON.stringify({ user, item: [...product], users: offsets.length - 1, items: data.products, asked: [...asked.customers], truth }),
    );
    const { stdout, stderr, status } = spawnSync(python, ['-c', alsScript, file], {
      encoding: 'utf8',
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
    });
    say(status === 0 ? stdout.trim() : `ALS failed: ${stderr.trim().split('\n').at(-1)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The aims: training under a minute, loading under a second, 100,000 lists under a minute, one under 20 ms. */
async function speed(): Promise<void> {
  const { catalogue, data } = existsSync(join(shared, 'thelook')) ? await thelook() : await retail();
  const last = data.histories.day.reduce((most, day) => Math.max(most, day), 0);
  let time = timer();
  const offer = offerOf(catalogue);
  say(`features: ${time().text}`);
  // Every purchase is drawn in each pass, old ones too: the most a pass can cost.
  const training = { ...defaultAppraisal.training, halfLife: 1e9, epochs: 3 };
  time = timer();
  const { epochs } = await train({ histories: data.histories, now: last + 1, ...offer, seed }, training, backend);
  const took = time();
  const pass = `${(took.wall / epochs.length).toFixed(1)} s, ${(took.cpu / epochs.length).toFixed(1)} s of the processor`;
  say(`training: ${took.text}; a pass of ${epochs[0]?.examples} examples, ${data.products} products: ${pass}`);
  const options: AppraiseOptions = { ...defaultAppraisal, seed };
  const plan: Plan = { chosen: 'blend', baseline: 'recent', partner: 'item-item', share: 0.25, passes: 1, epochs };
  const appraisal = { served: 'blend', plan } as const;
  const bytes = writeIndex(await buildIndex({ catalogue, data, offer, appraisal, now: last + 1 }, options, backend));
  time = timer();
  const serve = recommender(readIndex(bytes));
  say(`index: ${(bytes.length / 1e6).toFixed(1)} MB, loaded in ${time().text}`);
  const asked = data.customers.slice(0, 500);
  time = timer();
  for (const id of asked) serve.forCustomer(id, { k: 10 });
  const one = time();
  const each = (total: number) => `${((total * 1000) / asked.length).toFixed(1)} ms`;
  say(`one customer, mean of ${asked.length}: ${each(one.wall)}, ${each(one.cpu)} of the processor`);
  time = timer();
  const count = Math.min(100_000, data.customers.length);
  serve.forAll(10, backend, 0, count);
  say(`${count} customers × 10: ${time().text}`);
}

/** Customers' purchases of products: no cancellations, adjustments, postage or samples; rows that both sheets have once. */
async function retail(): Promise<Data> {
  const file = (years: string) => `'${join(shared, `online-retail/online_retail_II_${years}.parquet`)}'`;
  const all = `with r as (select * from ${file('2009_2010')} union (select * from ${file('2010_2011')}))
    select "Customer ID"::varchar as customer, upper(StockCode) as product, strftime(InvoiceDate, '%Y-%m-%d') as day,
      min(trim(Description)) as name, median(Price) as price
    from r where "Customer ID" is not null and not starts_with(Invoice, 'C') and Quantity > 0 and Price > 0
      and regexp_matches(upper(StockCode), '^[0-9]{5}[A-Z]*$') group by all`;
  return read(
    `select product, arg_min(name, day || name), null, null, median(price) from (${all}) group by product order by product`,
    `select customer, product, day, 'purchase' from (${all}) order by all`,
  );
}

async function thelook(): Promise<Data> {
  const file = (table: string) => `'${join(shared, `thelook/${table}.parquet`)}'`;
  return read(
    `select id::varchar, coalesce(name, ''), brand, department || ' ' || category, retail_price from ${file('products')} order by id`,
    `select i.user_id::varchar, product_id::varchar, strftime(o.created_at, '%Y-%m-%d'), 'purchase'
     from ${file('order_items')} i join ${file('orders')} o using (order_id) where o.status <> 'Cancelled'
     union all select user_id::varchar, regexp_extract(uri, '[0-9]+'), strftime(created_at, '%Y-%m-%d'), 'view'
     from ${file('events')} where event_type = 'product' and user_id is not null order by all`,
  );
}

async function read(products: string, events: string): Promise<Data> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = async (sql: string) => (await connection.runAndReadAll(sql)).getColumnsJS();
  const [ids, names, brands, categories, prices] = (await columns(products)) as [string[], string[], null[], null[], number[]];
  const catalogue: Catalogue = { ids, names, brands, categories, prices: Float64Array.from(prices) };
  const [customer, product, day, kind] = (await columns(events)) as [string[], string[], string[], string[]];
  return { catalogue, data: interactions({ customer, product, day: day.map(dayNumber), kind }, catalogue) };
}

function mean(found: Float64Array): number {
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

function digits(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(4);
}

/** Seconds on the clock, and of the processor: the machine may be busy with other things. */
function timer(): () => { wall: number; cpu: number; text: string } {
  const start = performance.now();
  const used = process.cpuUsage();
  return () => {
    const wall = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    const cpu = (user + system) / 1e6;
    return { wall, cpu, text: `${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of the processor` };
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
