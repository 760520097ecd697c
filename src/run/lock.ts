import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LookbookError } from '#contract/error.ts';

/** Locks of this process. */
const held = new Set<string>();

/** Holds an output folder for one run at a time. A lock whose process is gone (kill -9) is taken over. */
export async function lock(folder: string, options: { waitSeconds: number; onWait: (pid: number) => void }): Promise<() => void> {
  const file = join(folder, '.lock');
  mkdirSync(folder, { recursive: true });
  let told = false;
  for (let waited = 0; ; waited += 0.2) {
    if (claim(file)) {
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    }
    const pid = holder(file);
    // In a container each run has the same process number, so that a killed one may have had this one's.
    const isOwn = pid === process.pid && !held.has(file);
    if (pid === null || isOwn || !isAlive(pid)) {
      bury(file);
      continue;
    }
    if (!told) options.onWait(pid);
    told = true;
    if (waited >= options.waitSeconds) {
      throw new LookbookError('usage', {
        what: 'another run is using this output folder',
        where: folder,
        found: `process ${pid}, still running after ${options.waitSeconds} s`,
        mend: 'wait for it to end, stop it, or write elsewhere with --out DIR',
      });
    }
    await sleep(200);
  }
}

/** Only one of several waiting runs can rename a dead lock; the others look again. */
function bury(file: string): void {
  const dead = `${file}.dead-${process.pid}`;
  try {
    renameSync(file, dead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  rmSync(dead, { force: true });
}

/** A link appears whole or not at all: no other run can see a lock without its process number. */
function claim(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function holder(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
