import { metrics } from '#warehouse/metrics.ts';
import { sha256 } from './hash.ts';

/** What the appendix and the manifest need of the metric register. */
export const definitions = metrics.map(({ id, label, words, sql }) => ({ id, label, words, sql }));

/** A hash of each metric's words and SQL, by id. */
export function definitionHashes(): Record<string, string> {
  return Object.fromEntries(metrics.map(({ id, words, sql }) => [id, sha256({ words, sql }).slice(0, 16)]));
}
