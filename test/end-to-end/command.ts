import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { node } from './project.ts';

/** How a command ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that is under way. */
export interface Command {
  child: ChildProcess;
  ended: Promise<Ending>;
  /** Resolves when standard error says so; rejects when the command ends before. */
  said(pattern: RegExp): Promise<void>;
}

export interface Place {
  /** Project whose code runs. */
  root: string;
  /** Folder that a person stands in. */
  cwd: string;
  env?: Record<string, string>;
}

/** Starts src/cli/<name>.ts as npm does: in the project's folder, with the person's own in INIT_CWD. */
export function start(name: 'report' | 'verify' | 'clv' | 'recommend' | 'api', args: string[], { root, cwd, env }: Place): Command {
  const { PATH, HOME, TMPDIR } = process.env;
  const kept = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined));
  const child = spawn(node, [join(root, 'src/cli', `${name}.ts`), ...args], {
    cwd: root,
    env: { ...kept, TZ: 'UTC', INIT_CWD: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(texts.stderr)) resolve();
      };
      waiting.add(look);
      look();
      ended.then(({ stderr }) => reject(new Error(`ended without saying ${pattern}:\n${stderr}`)), reject);
    });
  return { child, ended, said };
}

export function report(args: string[], place: Place): Promise<Ending> {
  return start('report', args, place).ended;
}

export function verify(args: string[], place: Place): Promise<Ending> {
  return start('verify', args, place).ended;
}
