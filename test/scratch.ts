import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** @returns a new folder under the system's temporary one; it goes after the tests of the file that imports this */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-test-'));
  folders.push(folder);
  return folder;
}
