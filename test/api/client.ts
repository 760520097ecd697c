import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, onTestFinished } from 'vitest';
import type { Document } from '#api/openapi.ts';
import { type Service, type ServiceOptions, startService } from '#api/service.ts';
import { outFolder } from './published.ts';

/** An answer that is what the service's own document says. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: never;
}

export interface Running extends Service {
  lines: () => Record<string, unknown>[];
  /** Asks, and checks the answer against the document. */
  ask(path: string, init?: RequestInit): Promise<Answered>;
}

/** A listening service on a port of its own. */
export async function started(options: Partial<ServiceOptions> & { out: string }): Promise<Running> {
  const written: string[] = [];
  const service = await startService({
    ...{ shop: null, asOf: null, host: '127.0.0.1', port: 0, token: null, rate: 100_000, version: '0.0.0', every: 20 },
    log: { write: (line) => written.push(line) },
    ...options,
  });
  const document = (await (await fetch(`${service.origin}/openapi.json`)).json()) as Document;
  const check = validator(document);
  return {
    ...service,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    async ask(path, init) {
      const response = await fetch(service.origin + path, init);
      const text = await response.text();
      const type = response.headers.get('content-type');
      const json = type?.includes('json') && text !== '' ? JSON.parse(text) : null;
      check(path, init?.method ?? 'GET', { status: response.status, type, json });
      for (const [name, value] of Object.entries({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      })) {
        expect(response.headers.get(name), `${name} of ${path}`).toBe(value);
      }
      return { status: response.status, headers: response.headers, text, json: json as never };
    },
  };
}

function validator({ paths, components }: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/);
  ajv.addSchema({ $id: 'http://document.test/', components });
  const known = new Map<string, ValidateFunction>();
  const validate = (schema: object) => {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"http://document.test/#/components');
    const compiled = known.get(text) ?? ajv.compile(JSON.parse(text) as object);
    known.set(text, compiled);
    return compiled;
  };
  const problem = validate({ $ref: '#/components/schemas/Problem' });
  return (url: string, method: string, { status, type, json }: { status: number; type: string | null; json: unknown }) => {
    const path = new URL(url, 'http://service.test').pathname;
    const template = Object.keys(paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    const operation = template && paths[template]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
    if (!operation) {
      expect(problem(json), JSON.stringify(problem.errors)).toBe(true);
      return;
    }
    const response = operation.responses[status];
    expect(response, `${status} of ${url.slice(0, 100)} is documented`).toBeDefined();
    if (method === 'HEAD' || status === 304) {
      expect(json).toBeNull();
      return;
    }
    const content = response?.content?.[type ?? ''];
    expect(content, `${type} of ${url.slice(0, 100)} is documented`).toBeDefined();
    if (json === null) return;
    const valid = validate(content!.schema);
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
  };
}

/** A folder of one test's own, which goes with it. */
export function ownFolder(): string {
  const { out, remove } = outFolder();
  onTestFinished(remove);
  return out;
}

/** Asks again every few milliseconds until it is so. */
export async function until(what: string, ask: () => unknown, seconds = 10): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    if (await ask()) return;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`waited in vain for ${what}`);
}
