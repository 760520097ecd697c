import { z } from 'zod';
import { type RunOnWire, runSchema } from './answer.ts';

/** Every way in which a request can go wrong: what the document lists, what the page explains, what `type` points to. */
export const problems = {
  'malformed-request': { status: 400, title: 'The request is malformed', mend: 'Send a well-formed URL, headers and body.' },
  'invalid-parameter': { status: 400, title: 'A parameter is wrong', mend: 'See errors: each names the parameter and what it may be.' },
  'token-required': { status: 401, title: 'A valid token is required', mend: 'Send the header Authorization: Bearer TOKEN.' },
  'not-found': { status: 404, title: 'There is nothing at this address', mend: 'The page /docs lists all addresses.' },
  'unknown-customer': {
    status: 404,
    title: 'The run knows no such customer',
    mend: 'Ids are those of the reports; a customer without a purchase by the as-of day has no value.',
  },
  'unknown-product': {
    status: 404,
    title: 'The run knows no such product',
    mend: 'Ids are those of the reports; a product that came after the as-of day is in none yet.',
  },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here', mend: 'Use a method that the header Allow names.' },
  'not-acceptable': { status: 406, title: 'No acceptable form of the answer', mend: 'Accept application/json.' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive', mend: 'Send it again.' },
  'cursor-expired': {
    status: 410,
    title: 'The list of this cursor has been replaced',
    mend: 'A newer run is served: start again without a cursor.',
  },
  'body-too-large': { status: 413, title: 'The body is too large', mend: 'Send less.' },
  'url-too-long': { status: 414, title: 'The URL is too long', mend: 'Shorten it.' },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has a form that is not taken here',
    mend: 'A GET takes no body; elsewhere send application/json.',
  },
  'misdirected-request': {
    status: 421,
    title: 'This service does not answer for that host',
    mend: 'Without a token it answers only for localhost, 127.0.0.1 and [::1].',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', mend: 'Wait as long as the header Retry-After says.' },
  'headers-too-large': { status: 431, title: 'The headers are too large', mend: 'Send fewer or shorter ones.' },
  'internal-error': { status: 500, title: 'The service failed', mend: 'The log has the cause under the instance that the answer names.' },
  'no-run': {
    status: 503,
    title: 'No run is served yet',
    mend: 'Publish one: npm run report. It is picked up by itself.',
  },
  busy: { status: 503, title: 'The service is busy', mend: 'Ask again after the time that Retry-After says.' },
} as const satisfies Record<string, { status: number; title: string; mend: string }>;

export type ProblemKind = keyof typeof problems;

/** What is wrong with one part of a request. */
export interface FieldError {
  in: 'path' | 'query' | 'header' | 'body';
  name: string;
  detail: string;
}

/** An answer that says what went wrong. Its message never holds what a request may have of a person, for it is logged. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;
  /** The run the answer rests on. */
  readonly run: RunOnWire | null;

  /** @param detail what happened this time; without anything from the request that names a person. */
  constructor(
    kind: ProblemKind,
    detail: string,
    { errors = [], headers = {}, run = null }: { errors?: FieldError[]; headers?: Record<string, string>; run?: RunOnWire | null } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
    this.run = run;
  }

  get status(): number {
    return problems[this.kind].status;
  }
}

/** RFC 9457. `run` stands there where the answer rests on one. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('Which problem it is: an address on the page /docs.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What happened this time.'),
    instance: z
      .string()
      .regex(/^urn:uuid:/)
      .describe('This very answer; the log knows it by the same name.'),
    errors: z.array(z.strictObject({ in: z.enum(['path', 'query', 'header', 'body']), name: z.string(), detail: z.string() })).optional(),
    run: runSchema.optional(),
  })
  .describe('A problem as RFC 9457 has it.');

export const problemType = 'application/problem+json; charset=utf-8';

/** @param instance id of the request. */
export function problemBody({ kind, message, errors, run }: Problem, instance: string): string {
  const { status, title, mend } = problems[kind];
  const detail = message === '' ? mend : `${message} ${mend}`;
  return JSON.stringify({
    type: `/docs#${kind}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${instance}`,
    ...(errors.length > 0 ? { errors } : {}),
    ...(run ? { run } : {}),
  });
}

/** The kind that stands for a status that the framework answers by itself. */
export function kindOf(status: number): ProblemKind {
  if (status === 400) return 'malformed-request';
  if (status === 503) return 'busy';
  const found = Object.entries(problems).find(([, problem]) => problem.status === status);
  return found ? (found[0] as ProblemKind) : 'internal-error';
}
