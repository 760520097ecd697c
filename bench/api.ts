import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { publishRun } from '../test/api/published.ts';
import { root } from './shop.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    customers: { type: 'string', default: '100000' },
    products: { type: 'string', default: '5000' },
    ahead: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const customers = Number(values.customers);
const products = Number(values.products);
/** Seconds to wait at most until lists are made ahead. */
const patience = Number(values.ahead);
const warmUpSeconds = 3;

interface Outcome {
  what: string;
  /** Milliseconds from when a request was to be sent to its last byte. */
  p50: number;
  p99: number;
  most: number;
  failed: number;
  bytes: number;
}

const folder = mkdtempSync(join(tmpdir(), 'lookbook-bench-'));
const children: ChildProcess[] = [];
try {
  say(`publishing a run of ${customers} customers and ${products} products`);
  await publishRun(folder, { customers, offers: { customers, products, dimensions: 64, beyond: 0, newcomers: 0 } });
  const service = await serve('service', [join(root, 'src/cli/api.ts'), '--port', '0', '--out', folder, '--rate', String(rate * 100)]);
  const id = (i: number) => `c${String((i * 7919) % customers).padStart(6, '0')}`;
  const value = (i: number) => `/v1/customers/${id(i)}/value`;
  const list = () => '/v1/customers/high-value-new';
  const offer = (i: number) => `/v1/customers/${id(i)}/recommendations`;
  const near = (i: number) => `/v1/products/p${String((i * 31) % products).padStart(4, '0')}/similar`;
  const [valueBytes, listBytes] = [await sizeOf(service + value(0)), await sizeOf(service + list())];
  const offerBytes = await sizeOf(service + offer(0));
  const floors = [await serve('floor-value', [join(root, 'bench/api-floor.ts'), `${valueBytes}`])];
  floors.push(await serve('floor-list', [join(root, 'bench/api-floor.ts'), `${listBytes}`]));
  floors.push(await serve('floor-offer', [join(root, 'bench/api-floor.ts'), `${offerBytes}`]));
  const ahead = await madeAhead(service);
  const outcomes = [
    await measured("a customer's value", service, value),
    await measured('floor: as many bytes', floors[0] as string, value),
    await measured('high-value new customers, 50', service, list),
    await measured('floor: as many bytes', floors[1] as string, list),
    await measured('both in turn', service, (i) => (i % 2 === 0 ? value(i) : list())),
    await measured("a customer's value, scored for 180 days", service, (i) => `${value(i)}?horizon_days=180`),
    await measured("a customer's recommendations", service, offer),
    await measured('floor: as many bytes', floors[2] as string, offer),
    await measured('similar products', service, near),
    await measured('recommendations, one product left out', service, (i) => `${offer(i)}?exclude=p0001`),
  ];
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, rate, seconds, customers, products, ahead, outcomes }, null, 2)}\n`
      : tableOf(machine, ahead, outcomes),
  );
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a server whose log goes to a file, so that reading it costs the measuring nothing. @returns its origin. */
async function serve(name: string, args: string[]): Promise<string> {
  const file = join(folder, `${name}.log`);
  const log = openSync(file, 'w');
  children.push(
    spawn(process.execPath, args, { cwd: folder, env: { ...process.env, INIT_CWD: folder }, stdio: ['ignore', log, 'inherit'] }),
  );
  closeSync(log);
  for (let i = 0; i < 600; i++) {
    const origin = /listening on (http:[^"\s]+)/.exec(readFileSync(file, 'utf8'))?.[1];
    if (origin) return origin;
    await sleep(50);
  }
  throw new Error(`${name} does not listen`);
}

/** Waits until the service has made its lists ahead. @returns the share that it has. */
async function madeAhead(service: string): Promise<number> {
  for (const end = performance.now() + patience * 1000; ; await sleep(1000)) {
    const { recommendations } = (await (await fetch(`${service}/readyz`)).json()) as { recommendations: { made_ahead: number } };
    const share = recommendations.made_ahead;
    say(`${(100 * share).toFixed(0)}% of the lists made ahead`);
    if (share === 1 || performance.now() > end) return share;
  }
}

async function sizeOf(url: string): Promise<number> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  return (await response.arrayBuffer()).byteLength;
}

/**
 * An open loop: requests have their time, and go when it has come whatever became of those before. What a request waits because the sender
 * or the service is late counts, so that nothing is left out of the picture when it matters.
 */
async function measured(what: string, origin: string, path: (i: number) => string): Promise<Outcome> {
  say(what);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const warmUp = warmUpSeconds * rate;
  const count = warmUp + seconds * rate;
  const latencies = new Float64Array(count).fill(Number.NaN);
  let failed = 0;
  let bytes = 0;
  let answered = 0;
  await new Promise<void>((done) => {
    const start = performance.now() + 20;
    const due = (i: number) => start + (i * 1000) / rate;
    const over = (i: number, isFine: boolean) => {
      latencies[i] = performance.now() - due(i);
      if (!isFine) failed++;
      if (++answered === count) done();
    };
    const send = (i: number) => {
      get(origin + path(i), { agent }, (response) => {
        response.on('data', (piece: Buffer) => {
          if (i >= warmUp) bytes += piece.length;
        });
        response.on('end', () => over(i, response.statusCode === 200));
      }).on('error', () => over(i, false));
    };
    let next = 0;
    const tick = () => {
      for (const now = performance.now(); next < count && due(next) <= now; next++) send(next);
      if (next < count) setTimeout(tick, Math.max(0, due(next) - performance.now()));
    };
    tick();
  });
  agent.destroy();
  const counted = latencies.slice(warmUp).sort();
  const at = (share: number) => counted[Math.min(counted.length - 1, Math.ceil(share * counted.length) - 1)] as number;
  return { what, p50: at(0.5), p99: at(0.99), most: at(1), failed, bytes: bytes / counted.length };
}

function tableOf(machine: string, ahead: number, outcomes: Outcome[]): string {
  const rows = outcomes.map(({ what, p50, p99, most, failed, bytes }) => [
    what,
    p50.toFixed(2),
    p99.toFixed(2),
    most.toFixed(1),
    String(Math.round(bytes)),
    String(failed),
  ]);
  const cells = [['', 'p50 ms', 'p99 ms', 'max ms', 'bytes', 'failed'], ...rows];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((text, c) => (c === 0 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, c) => (c === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const title = `${rate} requests a second for ${seconds} s each, open loop, ${customers} customers, ${products} products, ${(100 * ahead).toFixed(0)}% of the lists made ahead, ${machine}.`;
  return `${title}\n\n${[line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n')}\n`;
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
