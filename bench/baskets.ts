/**
 * Basket mining against mlxtend, on 10,000 made-up grocery baskets and on Online Retail II where it stands beside the project.
 *
 *     node bench/baskets.ts [--python venv/bin/python]    # a Python with mlxtend; without it only ours is timed
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { frequentItemsets } from '#stats/basket/eclat.ts';
import { rules } from '#stats/basket/rules.ts';
import { type Transactions, transactions } from '#stats/basket/transactions.ts';
import { random } from '#stats/random.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { median } from './median.ts';

const { values } = parseArgs({ options: { python: { type: 'string' }, runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);

/** Baskets of a Poisson number of items; items fall off as 1 / rank, and a third of them pull a neighbour along. */
function groceries(): string[][] {
  const draw = random(7, 'groceries');
  const weights = Array.from({ length: 170 }, (_, i) => 1 / (i + 4));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    let left = draw.uniform() * total;
    return weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
  };
  return Array.from({ length: 10_000 }, () => {
    const basket: number[] = [];
    for (let i = 1 + draw.poisson(3.2); i > 0; i--) {
      const item = Math.max(0, pick());
      basket.push(item);
      if (draw.uniform() < 0.33) basket.push((item + 1) % 170);
    }
    return basket.map((item) => `item ${item}`);
  });
}

/** Invoices of Online Retail II: cancellations, adjustments, postage and fees left out; rows of both sheets counted once. */
async function onlineRetail(folder: string): Promise<string[][]> {
  const engine = await openDuckDB({ threads: 2 });
  const { invoice, items } = await engine.columns(`
    select Invoice as invoice, string_agg(distinct StockCode, '|' order by StockCode) as items
    from read_parquet('${folder}/*.parquet')
    where regexp_matches(Invoice, '^[0-9]+$') and regexp_matches(StockCode, '^[0-9]{5}') and Quantity > 0 and Price > 0
    group by Invoice order by Invoice`);
  engine.close();
  return (invoice ?? []).map((_, i) => String(items![i]).split('|'));
}

function timed<T>(work: () => T): { seconds: number; result: T } {
  const seconds: number[] = [];
  let result = work();
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    result = work();
    seconds.push((performance.now() - from) / 1000);
  }
  return { seconds: median(seconds), result };
}

const script = `
import sys, time, mlxtend, pandas as pd
from mlxtend.preprocessing import TransactionEncoder
from mlxtend.frequent_patterns import fpgrowth, association_rules
baskets = [line.rstrip("\\n").split("|") for line in open(sys.argv[1])]
encoder = TransactionEncoder()
frame = pd.DataFrame.sparse.from_spmatrix(encoder.fit_transform(baskets, sparse=True), columns=encoder.columns_)
start = time.time(); sets = fpgrowth(frame, min_support=float(sys.argv[2]), use_colnames=True); took = time.time() - start
start = time.time(); found = association_rules(sets, metric="confidence", min_threshold=0.25)
ruled = time.time() - start
single = found[found["consequents"].map(len) == 1]
print(f"{mlxtend.__version__} {len(sets)} {took:.3f} {len(single)} {ruled:.3f}")
`;

function mlxtend(baskets: string[][], support: number): string[] | null {
  if (!values.python) return null;
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-baskets-'));
  try {
    writeFileSync(join(folder, 'baskets.txt'), baskets.map((basket) => `${[...new Set(basket)].join('|')}\n`).join(''));
    writeFileSync(join(folder, 'mine.py'), script);
    const out = execFileSync(values.python, [join(folder, 'mine.py'), join(folder, 'baskets.txt'), String(support)], { encoding: 'utf8' });
    return out.trim().split('\n').at(-1)!.split(' ');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const folder = new URL('../../shared/data/online-retail', import.meta.url).pathname;
const sets: [name: string, baskets: string[][], support: number][] = [['10,000 × 170', groceries(), 0.001]];
if (existsSync(folder)) sets.push(['Online Retail II', await onlineRetail(folder), 0.005]);
else console.log('Online Retail II is left out: ../shared/data/online-retail is absent');

console.log('| data | baskets | items | support | coding s | itemsets | s | rules | s | mlxtend | itemsets | s | rules | s |');
console.log('| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- | --: | --: | --: | --: |');
for (const [name, baskets, support] of sets) {
  const coded = timed((): Transactions => transactions(baskets));
  const found = timed(() => frequentItemsets(coded.result, { support }));
  const carried = timed(() => rules(coded.result, found.result, { confidence: 0.25 }));
  const peer = mlxtend(baskets, support);
  const cells = [name, baskets.length, coded.result.items.length, support, coded.seconds.toFixed(3)];
  const ours = [found.result.length, found.seconds.toFixed(3), carried.result.length, carried.seconds.toFixed(3)];
  console.log(`| ${[...cells, ...ours, ...(peer ?? ['not run', '', '', '', ''])].join(' | ')} |`);
}
