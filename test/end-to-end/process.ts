import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether processes can be looked up here. */
export const hasProc = process.platform === 'linux';

/** Processes started by a process, and by those, with their command lines. */
function descendants(pid: number): { pid: number; command: string }[] {
  const own = children(pid);
  return own.flatMap((child) => [{ pid: child, command: commandOf(child) }, ...descendants(child)]);
}

/** The browser of a run: the process at its head, once it has a page open. */
export function browserOf(pid: number): number | undefined {
  const found = descendants(pid);
  if (!found.some(({ command }) => command.includes('--type=renderer'))) return undefined;
  return found.find(({ command }) => command.includes('--headless') && !command.includes('--type='))?.pid;
}

export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** Asks again every few milliseconds until there is an answer. @throws Error after `seconds`. */
export async function until<T>(what: string, ask: () => T | undefined | false, seconds = 30): Promise<T> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(3)) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}

function children(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
