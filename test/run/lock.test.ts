import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lock } from '#run/lock.ts';
import { scratch } from '../scratch.ts';

describe('lock', () => {
  it('is held once, waited for, and given back', async () => {
    const dir = scratch();
    const release = await lock(dir, { waitSeconds: 0, onWait: () => {} });
    const waiting: number[] = [];
    const second = lock(dir, { waitSeconds: 5, onWait: (pid) => waiting.push(pid) });
    setTimeout(release, 50);
    (await second)();
    expect(waiting).toEqual([process.pid]);
    expect(existsSync(join(dir, '.lock'))).toBe(false);
  });

  it('says who holds it when it stays held', async () => {
    const dir = scratch();
    const holder = spawn('sleep', ['30']);
    writeFileSync(join(dir, '.lock'), String(holder.pid));
    await expect(lock(dir, { waitSeconds: 0, onWait: () => {} })).rejects.toThrow(`process ${holder.pid}`);
    holder.kill();
  });

  it('is taken over from a process that is gone', async () => {
    const dir = scratch();
    const gone = spawn('true');
    await new Promise((done) => gone.on('close', done));
    writeFileSync(join(dir, '.lock'), String(gone.pid));
    const release = await lock(dir, { waitSeconds: 0, onWait: () => {} });
    release();
  });
});
