import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command under way: what it has written so far, and how it ended. */
export interface Command {
  child: ChildProcess;
  said: () => string;
  ended: Promise<Ending>;
}

/** Starts src/cli/<name>.ts as npm does, with the person's folder in INIT_CWD and nothing else of this environment. */
export function start(
  name: 'api' | 'clv' | 'recommend',
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Command {
  const file = fileURLToPath(new URL(`../../src/cli/${name}.ts`, import.meta.url));
  const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(node, [file, ...args], {
    env: { PATH, HOME, TMPDIR, TZ: 'UTC', INIT_CWD: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, said: () => texts.stdout, ended };
}
