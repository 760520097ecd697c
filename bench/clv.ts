/**
 * Fit and score of the purchase models on CDNOW (where it stands beside the project) and on simulated customers, beside lifetimes.
 *
 *     node bench/clv.ts [--runs 5] [--python venv/bin/python]    # a Python with lifetimes; without it only ours is timed
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { compress } from '#stats/clv/compress.ts';
import { fitParetoNbd } from '#stats/clv/pareto-nbd.ts';
import { weeks } from '#stats/clv/unit.ts';
import { score } from '#stats/clv/value.ts';
import { random } from '#stats/random.ts';
import { median } from './median.ts';

interface Histories {
  x: Float64Array;
  tx: Float64Array;
  T: Float64Array;
}

const { values } = parseArgs({ options: { python: { type: 'string' }, runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);

/** Customers of a BG/NBD shop with CDNOW's published parameters, won over a year and seen by the day. */
function simulated(customers: number): Histories {
  const [r, alpha, a, b] = [0.2426, 4.4136, 0.7929, 2.4259];
  const draw = random(11, 'clv');
  const made = { x: new Float64Array(customers), tx: new Float64Array(customers), T: new Float64Array(customers) };
  for (let i = 0; i < customers; i++) {
    const rate = draw.gamma(r) / alpha;
    const one = draw.gamma(a);
    const dropout = one / (one + draw.gamma(b));
    const days = 28 + draw.integer(337);
    for (let at = 0; ; ) {
      at += (-Math.log(1 - draw.uniform()) / rate) * 7;
      if (at >= days) break;
      made.x[i]!++;
      made.tx[i] = Math.ceil(at) / 7;
      if (draw.uniform() < dropout) break;
    }
    made.T[i] = days / 7;
  }
  return made;
}

function cdnow(): Histories | null {
  const file = new URL('../../shared/data/cdnow/cdnow_customers_summary.csv', import.meta.url);
  if (!existsSync(file)) return null;
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const column = (i: number) => Float64Array.from(rows, (row) => Number(row.split(',')[i]));
  return { x: column(1), tx: column(2), T: column(3) };
}

function timed(work: () => unknown): number {
  work();
  return median(
    Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return (performance.now() - start) / 1000;
    }),
  );
}

const script = `
import sys, time, warnings, numpy as np, pandas as pd
warnings.filterwarnings("ignore")
import lifetimes
from lifetimes import BetaGeoFitter, ParetoNBDFitter
d = pd.read_csv(sys.argv[1])
def took(work):
    start = time.time(); work(); return time.time() - start
bg, pareto = BetaGeoFitter(), ParetoNBDFitter()
print(took(lambda: bg.fit(d.x, d.tx, d["T"])))
print(took(lambda: pareto.fit(d.x, d.tx, d["T"])))
print(took(lambda: bg.conditional_expected_number_of_purchases_up_to_time(52, d.x, d.tx, d["T"])))
print(lifetimes.__version__)
`;

function lifetimes({ x, tx, T }: Histories): string[] | null {
  if (!values.python) return null;
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-clv-'));
  try {
    const lines = Array.from(x, (count, i) => `${count},${tx[i]},${T[i]}\n`);
    writeFileSync(join(folder, 'histories.csv'), `x,tx,T\n${lines.join('')}`);
    writeFileSync(join(folder, 'fit.py'), script);
    const out = execFileSync(values.python, [join(folder, 'fit.py'), join(folder, 'histories.csv')], { encoding: 'utf8' });
    return out.trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sets: [name: string, histories: Histories, isPeerAsked: boolean][] = [
  ['100,000 simulated', simulated(100_000), true],
  ['1,000,000 simulated', simulated(1_000_000), false],
];
const published = cdnow();
if (published) sets.unshift(['CDNOW', published, true]);
else console.log('CDNOW is left out: ../shared/data/cdnow is absent');

console.log('| customers | step | seconds | lifetimes | times faster |');
console.log('| --- | --- | --: | --: | --: |');
for (const [name, histories, isPeerAsked] of sets) {
  const peer = isPeerAsked ? lifetimes(histories) : null;
  const rows = compress(histories);
  const { parameters } = fitBgNbd(rows);
  const model = { law: bgNbd, parameters, unit: 'week' as const };
  const steps: [string, () => unknown][] = [
    ['BG/NBD: collapse and fit', () => fitBgNbd(histories)],
    ['Pareto/NBD: collapse and fit', () => fitParetoNbd(histories)],
    ['BG/NBD: expected purchases, P(alive), P(any)', () => score(model, compress(histories), weeks(52))],
  ];
  steps.forEach(([step, work], i) => {
    const took = timed(work);
    const other = peer ? Number(peer[i]) : null;
    console.log(
      `| ${name} | ${step} | ${took.toFixed(3)} | ${other === null ? 'not run' : other.toFixed(2)} | ${other === null ? '' : (other / took).toFixed(0)} |`,
    );
  });
  if (peer) console.error(`lifetimes ${peer[3]}`);
}
