import { setTimeout } from 'node:timers/promises';
import type { Context } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import type { Cell } from '#contract/row.ts';
import type { Catalogue } from '#recommender/catalogue.ts';
import { defaultEndpoint, type Effects, embedTexts } from '#recommender/embeddings.ts';
import type { TextVectors } from '#recommender/tower.ts';
import { vectorCache } from '#recommender/vector-cache.ts';

/** What leaves the process when an embedding endpoint is configured, and nothing otherwise. */
export interface TextEffects extends Effects {
  /** Value of an environment variable. */
  secret(name: string): string | undefined;
}

/** The network, the environment, and a folder of vectors by their content. */
export function effectsOf({ kept, params }: Pick<Context, 'kept' | 'params'>): TextEffects {
  return {
    fetch: (...request) => fetch(...request),
    wait: (milliseconds) => setTimeout(milliseconds),
    secret: (name) => process.env[name],
    cache: kept === undefined ? { read: async () => new Map(), add: async () => {} } : vectorCache(kept, String(params.embeddingModel)),
  };
}

export interface TextModel {
  /** As it is printed. */
  name: string;
  vectors: TextVectors;
}

/**
 * Vectors of the products' names by the configured endpoint; null where none is.
 * @throws LookbookError (usage) for a half configuration or a key that isn't set; (source) for an endpoint that fails.
 */
export async function textModel(
  { names, brands, categories }: Catalogue,
  params: Record<string, Cell>,
  effects: TextEffects,
): Promise<TextModel | null> {
  const { embeddingUrl: url, embeddingModel: model, embeddingKey: secret } = params;
  if (url === null || url === undefined) return null;
  const wrong = (what: string, name: string, expected: string, found: Cell | undefined) =>
    new LookbookError('usage', { what, where: `params.recommendations.${name}`, expected, found: String(found) });
  if (typeof url !== 'string' || !/^https?:\/\//.test(url))
    throw wrong('no address of an embedding endpoint', 'embeddingUrl', 'http://… or https://…', url);
  if (typeof model !== 'string' || model === '') throw wrong('no embedding model', 'embeddingModel', 'its name at the endpoint', model);
  const key = secret === null || secret === undefined ? null : effects.secret(String(secret));
  if (key === undefined)
    throw wrong('the key of the embedding endpoint is not set', 'embeddingKey', 'an environment variable that is set', secret);
  const texts = names.map((name, i) => [name, brands[i], categories[i]].filter(Boolean).join(', ') || 'product');
  return { name: model, vectors: await embedTexts(texts, { ...defaultEndpoint, url, model, key }, effects) };
}
