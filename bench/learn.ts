import { cpus } from 'node:os';
import { auc } from '#stats/learn/auc.ts';
import { boost, boostedChances } from '#stats/learn/boost.ts';
import { coded } from '#stats/learn/coded.ts';
import type { Features } from '#stats/learn/features.ts';
import { logistic, logisticChances } from '#stats/learn/logistic.ts';
import { multinomial } from '#stats/learn/multinomial.ts';
import { random } from '#stats/random.ts';
import { median } from './median.ts';

/**
 * What the learners cost and how near they come to the truth, on rows drawn from known odds.
 *
 *     node bench/learn.ts             # 100,000 rows of 20 columns, three runs each
 *     node bench/learn.ts --rows 20000
 */
const at = process.argv.indexOf('--rows');
const rows = at > 0 ? Number(process.argv[at + 1]) : 100_000;
const runs = 3;
const draw = random(1, 'bench learn');

function simulated(n: number): { features: Features; y: Uint8Array; odds: Float64Array } {
  const columns = Array.from({ length: 20 }, () => Float64Array.from({ length: n }, () => draw.normal()));
  const odds = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c, d, e, f, g] = columns.map((column) => column[i]!) as [number, number, number, number, number, number, number];
    return 1.2 * a - 0.8 * b + 0.9 * c * d + Math.sin(2 * e) + 0.5 * Math.sign(f) * g - 0.3;
  });
  const y = Uint8Array.from(odds, (t) => (draw.uniform() < 1 / (1 + Math.exp(-t)) ? 1 : 0));
  return { features: { names: columns.map((_, j) => `x${j}`), columns }, y, odds };
}

function timed<T>(name: string, make: () => T): T {
  const times: number[] = [];
  let made: T | undefined;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    made = make();
    times.push(performance.now() - start);
  }
  process.stdout.write(`${name}: ${(median(times) / 1000).toFixed(2)} s\n`);
  return made!;
}

const training = simulated(rows);
const held = simulated(rows);
const say = (name: string, scores: ArrayLike<number>) => process.stdout.write(`  AUC ${name} ${auc(scores, held.y)!.value.toFixed(4)}\n`);
process.stdout.write(`${rows} rows × 20, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}\n`);
say('of the true odds', held.odds);
const line = timed('logistic regression', () => logistic(training.features, training.y));
say('outside', logisticChances(line, held.features));
const trees = timed('300 trees of 31 leaves', () => boost(training.features, training.y));
say(
  'outside',
  timed('their chances', () => boostedChances(trees, held.features)),
);
const bins = coded(
  training.features.columns
    .slice(0, 12)
    .map((column, j) => ({ name: `x${j}`, values: Array.from(column, (x) => String(Math.round(2 * x))) })),
  { least: 30 },
);
const classes = Uint8Array.from(training.odds, (t, i) => training.y[i]! * (t > 1 ? 2 : 1));
timed(`three classes on ${bins.bins.reduce((sum, own) => sum + own.length, 0)} bins`, () => multinomial(bins, classes, 3, { ridge: 1 }));
