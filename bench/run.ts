import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunSummary } from '#run/run.ts';
import { median, medians } from './median.ts';
import { measured, type Usage } from './process.ts';
import { benchShop, root } from './shop.ts';
import { type Outcome, tableOf } from './table.ts';

const { values, positionals: reports } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'lookbook-bench-'));
try {
  const outcome = await bench();
  process.stdout.write(values.json ? `${JSON.stringify(outcome, null, 2)}\n` : tableOf(outcome));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<Outcome> {
  const shop = benchShop(folder);
  const cold: Usage[] = [];
  const warm: Usage[] = [];
  const stages: Record<string, number>[] = [];
  const floors: Floor[] = [];
  for (let i = 0; i < runs; i++) {
    say(`run ${i + 1} of ${runs}`);
    const out = join(folder, `out-${i}`);
    const args = [
      '--import',
      join(root, 'src/cli/compiled.ts'),
      join(root, 'src/cli/report.ts'),
      ...reports,
      ...shop.args,
      '--out',
      out,
      '--json',
    ];
    const report = () => measured(process.execPath, args, folder);
    const first = await report();
    cold.push(first);
    stages.push((JSON.parse(first.stdout) as RunSummary).seconds);
    warm.push(await report());
    floors.push(await floorOf(out, shop.id));
    rmSync(out, { recursive: true });
  }
  return {
    shop: shop.name,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
    runs,
    cold: usageOf(cold),
    warm: usageOf(warm),
    stages: medians(stages),
    floor: medians(floors.map(({ seconds }) => seconds)),
    floorUsage: usageOf(floors.map(({ usage }) => usage)),
  };
}

interface Floor {
  /** Of each part, without the start of its process. */
  seconds: Record<string, number>;
  /** Of all parts, one after the other. */
  usage: Usage;
}

async function floorOf(out: string, shop: string): Promise<Floor> {
  const seconds: Record<string, number> = {};
  const usages: Usage[] = [];
  const scratch = join(out, 'scratch');
  mkdirSync(scratch);
  for (const what of ['read', 'query', 'print']) {
    const usage = await measured(process.execPath, [join(root, 'bench/floor.ts'), what, out, shop, scratch], folder);
    seconds[what] = Number(usage.stdout);
    usages.push(usage);
  }
  const whole = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  return { seconds, usage: together(whole, usages) };
}

function together(wall: number, usages: Usage[]): Usage {
  const known = (pick: (usage: Usage) => number | null) => usages.map(pick).filter((value) => value !== null);
  const cpu = known(({ cpu }) => cpu);
  const memory = known(({ memory }) => memory);
  return {
    wall,
    cpu: cpu.length > 0 ? cpu.reduce((sum, value) => sum + value, 0) : null,
    memory: memory.length > 0 ? Math.max(...memory) : null,
    stdout: '',
  };
}

function usageOf(usages: Usage[]): Outcome['cold'] {
  const known = (pick: (usage: Usage) => number | null) => {
    const all = usages.map(pick).filter((value) => value !== null);
    return all.length > 0 ? median(all) : null;
  };
  return { wall: median(usages.map(({ wall }) => wall)), cpu: known(({ cpu }) => cpu), memory: known(({ memory }) => memory) };
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
