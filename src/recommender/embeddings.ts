import { createHash } from 'node:crypto';
import { LookbookError } from '#contract/error.ts';
import type { TextVectors } from './tower.ts';

/** An endpoint that speaks OpenAI's /v1/embeddings: Ollama, vLLM, a hosted one. */
export interface Endpoint {
  /** Up to and with /v1, such as http://localhost:11434/v1. */
  url: string;
  model: string;
  /** Sent as a bearer token; null where none is needed. Never logged. */
  key: string | null;
  /** Texts a request. */
  batch: number;
  /** Milliseconds until a request is given up. */
  timeout: number;
  /** Tries of each request. */
  attempts: number;
}

export const defaultEndpoint = { batch: 64, timeout: 30_000, attempts: 5 } as const;

/** Vectors already asked for, by content: keys are `vectorKey`s. */
export interface VectorCache {
  read(): Promise<Map<string, Float32Array>>;
  /** Adds to what `read` gives the next time. */
  add(entries: readonly [key: string, vector: Float32Array][]): Promise<void>;
}

/** All that leaves the process. */
export interface Effects {
  fetch: typeof fetch;
  /** Waits that many milliseconds. */
  wait: (milliseconds: number) => Promise<unknown>;
  cache: VectorCache;
}

/** Identity of a text for a model: 64 hexadecimal digits. */
export function vectorKey(model: string, text: string): string {
  return createHash('sha256')
    .update(JSON.stringify([model, text]))
    .digest('hex');
}

/**
 * A vector for each text, from the cache where it has one. Requests follow one another; 408, 409, 425, 429, 5xx, a broken connection,
 * a timeout and an answer that is no JSON are tried again after 0.5, 1, 2 … seconds, or as Retry-After says, a minute at most.
 * @throws LookbookError (source) for an endpoint that refuses, fails for good, or answers with what are no vectors of one length.
 */
export async function embedTexts(texts: readonly string[], endpoint: Endpoint, effects: Effects): Promise<TextVectors> {
  const keys = texts.map((text) => vectorKey(endpoint.model, text));
  const known = await effects.cache.read();
  const missing = new Map<string, string>();
  texts.forEach((text, i) => {
    if (!known.has(keys[i]!)) missing.set(keys[i]!, text);
  });
  const wanted = [...missing];
  let width = keys.map((key) => known.get(key)?.length).find((length) => length !== undefined);
  for (let at = 0; at < wanted.length; at += endpoint.batch) {
    const part = wanted.slice(at, at + endpoint.batch);
    const vectors = await request(
      part.map(([, text]) => text),
      endpoint,
      effects,
    );
    width ??= vectors[0]!.length;
    const odd = vectors.find((vector) => vector.length !== width);
    if (odd) throw failure(endpoint, 'vectors of different lengths', `${width} numbers each`, `${odd.length} numbers`);
    const entries = part.map(([key], i): [string, Float32Array] => [key, vectors[i]!]);
    for (const [key, vector] of entries) known.set(key, vector);
    await effects.cache.add(entries);
  }
  width ??= 0;
  const values = new Float32Array(texts.length * width);
  for (const [i, key] of keys.entries()) {
    const vector = known.get(key)!;
    if (vector.length !== width)
      throw failure(endpoint, 'cached vectors of different lengths', `${width} numbers each`, `${vector.length}`);
    values.set(vector, i * width);
  }
  return { width, values };
}

async function request(texts: string[], endpoint: Endpoint, { fetch, wait }: Effects): Promise<Float32Array[]> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (endpoint.key !== null) headers.authorization = `Bearer ${endpoint.key}`;
  const body = JSON.stringify({ model: endpoint.model, input: texts, encoding_format: 'float' });
  let last = '';
  for (let attempt = 1; attempt <= endpoint.attempts; attempt++) {
    let pause = 500 * 2 ** (attempt - 1);
    try {
      const signal = AbortSignal.timeout(endpoint.timeout);
      const response = await fetch(addressOf(endpoint), { method: 'POST', headers, body, signal });
      const text = await response.text();
      if (response.ok) {
        const answer = parsed(text);
        if (answer !== undefined) return vectorsOf(answer, texts.length, endpoint);
        last = `an answer that is no JSON: ${excerpt(text, endpoint)}`;
      } else {
        last = `status ${response.status}: ${excerpt(text, endpoint)}`;
        if (!isPassing(response.status)) break;
        const asked = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
        if (asked >= 0) pause = asked;
      }
    } catch (error) {
      if (error instanceof LookbookError) throw error;
      last = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    if (attempt < endpoint.attempts) await wait(Math.min(60_000, pause));
  }
  throw failure(endpoint, 'the endpoint gave no embeddings', 'an answer with status 200', last);
}

function addressOf({ url }: Endpoint): string {
  return `${url.replace(/\/+$/, '').replace(/\/embeddings$/, '')}/embeddings`;
}

function isPassing(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string, { key }: Endpoint): string {
  const plain = (key ? text.replaceAll(key, '…') : text).replace(/\s+/g, ' ');
  return plain.slice(0, 200);
}

function vectorsOf(answer: unknown, count: number, endpoint: Endpoint): Float32Array[] {
  const data = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(data) || data.length !== count) {
    throw failure(
      endpoint,
      'an answer of another form',
      `a list "data" of ${count} embeddings`,
      Array.isArray(data) ? `${data.length} of them` : 'none',
    );
  }
  const vectors: Float32Array[] = [];
  data.forEach((entry: unknown, i) => {
    const { index = i, embedding } = (entry ?? {}) as { index?: number; embedding?: unknown };
    const isVector = Array.isArray(embedding) && embedding.length > 0 && embedding.every((value) => Number.isFinite(value));
    if (!isVector)
      throw failure(
        endpoint,
        'an embedding that is no list of finite numbers',
        'numbers',
        JSON.stringify(embedding)?.slice(0, 80) ?? 'nothing',
      );
    vectors[index] = Float32Array.from(embedding as number[]);
  });
  for (let i = 0; i < count; i++)
    if (!vectors[i]) throw failure(endpoint, `embedding ${i} is missing`, `indices 0 to ${count - 1}`, 'one twice');
  return vectors;
}

function failure(endpoint: Endpoint, what: string, expected: string, found: string): LookbookError {
  const mend = 'check the address, the model and the key, or leave text embeddings out: they are never needed';
  return new LookbookError('source', { what, where: `${addressOf(endpoint)} (${endpoint.model})`, expected, found, mend });
}
