import { z } from 'zod';
import { nearest } from '#contract/nearest.ts';
import type { RunOnWire } from './answer.ts';
import type { Keeper } from './keeper.ts';
import { type FieldError, Problem, type ProblemKind } from './problem.ts';

/** What an endpoint gives back: a body as it goes over the wire. */
export interface Answer {
  body: string;
  /** 200 unless given. */
  status?: number;
  /** The run it rests on. */
  run?: RunOnWire;
}

export interface Call<P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  keeper: Keeper;
}

/** One operation: the server routes by it, and the OpenAPI document is written from it. */
export interface Endpoint {
  method: 'GET' | 'POST';
  /** With names in braces: '/v1/customers/{id}/value'. */
  path: string;
  id: string;
  summary: string;
  description: string;
  /** False for what a probe or a reader of the documentation may see without a token, and as often as it likes. */
  isGuarded: boolean;
  params: z.ZodObject;
  query: z.ZodObject;
  /** Of a POST: a JSON body. */
  body: z.ZodType | null;
  /** A body that is taken. */
  example?: unknown;
  answer: { type: 'application/json' | 'text/html'; schema: z.ZodType };
  /** Own problems, besides those that any request may meet. */
  problems: ProblemKind[];
  handle(call: Call): Answer | Promise<Answer>;
}

type Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = Omit<
  Endpoint,
  'params' | 'query' | 'body' | 'handle'
> & {
  params?: P;
  query?: Q;
  body?: B;
  handle(call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>): Answer | Promise<Answer>;
};

const none = z.strictObject({});

export function defineEndpoint<P extends z.ZodObject = typeof none, Q extends z.ZodObject = typeof none, B extends z.ZodType = z.ZodNull>(
  definition: Definition<P, Q, B>,
): Endpoint {
  return { ...definition, params: definition.params ?? none, query: definition.query ?? none, body: definition.body ?? null } as Endpoint;
}

/**
 * The whole of a request, checked.
 * @throws Problem (invalid-parameter) that names each fault; what was sent is not repeated.
 */
export function checked(endpoint: Endpoint, sent: { params: unknown; query: unknown; body: unknown }): Omit<Call, 'keeper'> {
  const errors: FieldError[] = [];
  const part = (where: FieldError['in'], schema: z.ZodType | null, value: unknown): unknown => {
    if (schema === null) return null;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    errors.push(...parsed.error.issues.flatMap((issue) => faults(issue, where, known)));
    return null;
  };
  const call = {
    params: part('path', endpoint.params, sent.params),
    query: part('query', endpoint.query, sent.query),
    body: part('body', endpoint.body, sent.body),
  };
  if (errors.length > 0) throw new Problem('invalid-parameter', '', { errors });
  return call;
}

const longestName = 64;

function faults(issue: z.core.$ZodIssue, where: FieldError['in'], known: string[]): FieldError[] {
  if (issue.code !== 'unrecognized_keys') return [{ in: where, name: issue.path.join('.'), detail: issue.message }];
  return issue.keys.map((key) => {
    const guess = nearest(key, known);
    const detail = guess
      ? `unknown; did you mean ${guess}?`
      : known.length > 0
        ? `unknown; known are ${known.join(', ')}`
        : 'unknown; there are none here';
    return { in: where, name: key.slice(0, longestName), detail };
  });
}

/** A whole number in a query or path: digits alone, no sign, no exponent. */
export function wholeNumber(low: number, high: number, otherwise: number, text: string) {
  const message = `a whole number from ${low} to ${high}`;
  return z
    .string({ error: message })
    .regex(/^[0-9]{1,9}$/, message)
    .transform(Number)
    .pipe(z.int().min(low, message).max(high, message))
    .default(otherwise)
    .describe(text);
}

const longestId = 256;
const idMessage = `an id of 1 to ${longestId} characters without control characters`;

/** An id as a report prints it. */
export function idText(text: string) {
  return z
    .string({ error: idMessage })
    .min(1, idMessage)
    .max(longestId, idMessage)
    .regex(/^\P{Cc}*$/u, idMessage)
    .describe(text);
}
