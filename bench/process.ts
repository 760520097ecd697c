import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command used, all its processes together. */
export interface Usage {
  /** Seconds from start to end. */
  wall: number;
  /** Seconds of processor time, user and system; null where there is no /proc. */
  cpu: number | null;
  /** Largest resident set in bytes: what each process has alone, and the largest share of files; null where there is no /proc. */
  memory: number | null;
  stdout: string;
}

const everyMilliseconds = 100;
const ticksPerSecond = 100;
const pageBytes = 4096;

/**
 * Runs a command to its end and watches its process tree.
 * @throws Error with what it wrote on standard error when it fails.
 */
export async function measured(command: string, args: string[], cwd: string): Promise<Usage> {
  const start = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, INIT_CWD: cwd } });
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
    });
  }
  const ticks = new Map<number, number>();
  let memory = 0;
  const timer = setInterval(() => {
    const tree = treeOf(child.pid as number);
    for (const { pid, time } of tree) ticks.set(pid, time);
    memory = Math.max(memory, residentOf(tree.map(({ pid }) => pid)));
  }, everyMilliseconds);
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${code}\n${text.stderr}`);
  const wall = (performance.now() - start) / 1000;
  const isKnown = memory > 0;
  return { wall, cpu: isKnown ? sum([...ticks.values()]) / ticksPerSecond : null, memory: isKnown ? memory : null, stdout: text.stdout };
}

function treeOf(root: number): { pid: number; time: number }[] {
  const all = processes();
  const members = new Set([root]);
  let before = 0;
  while (before < members.size) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  return all.filter(({ pid }) => members.has(pid));
}

function processes(): { pid: number; parent: number; time: number }[] {
  return listing('/proc').flatMap((name) => {
    if (!/^[0-9]+$/.test(name)) return [];
    const stat = textOf(`/proc/${name}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return stat === '' ? [] : [{ pid: Number(name), parent: Number(fields[1]), time: Number(fields[11]) + Number(fields[12]) }];
  });
}

/** From statm, which costs the watched process nothing; smaps would count shared pages exactly, and stop it each time. */
function residentOf(pids: number[]): number {
  const pages = pids.map((pid) => textOf(`/proc/${pid}/statm`).split(' ').map(Number));
  const own = pages.map(([, resident = 0, shared = 0]) => resident - shared);
  return pageBytes * (sum(own) + Math.max(...pages.map(([, , shared = 0]) => shared)));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** '' for a process that has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
