import { z } from 'zod';
import { runOnWire, runSchema } from './answer.ts';
import { defineEndpoint, type Endpoint } from './endpoint.ts';
import { documentOf } from './openapi.ts';
import { pageOf } from './page.ts';
import { Problem } from './problem.ts';

const health = defineEndpoint({
  method: 'GET',
  path: '/healthz',
  id: 'health',
  summary: 'Whether the service runs',
  description: 'For a probe that starts a dead service again.',
  isGuarded: false,
  answer: { type: 'application/json', schema: z.strictObject({ status: z.literal('ok') }) },
  problems: [],
  handle: () => ({ body: '{"status":"ok"}' }),
});

const readySchema = z.strictObject({
  status: z.literal('ready'),
  run: runSchema,
  trouble: z.string().nullable().describe('Why a newer run is not served; null where nothing is wrong'),
  passed_over: z.array(z.iso.date()).describe('Newer days whose runs lack customer value'),
});

const readiness = defineEndpoint({
  method: 'GET',
  path: '/readyz',
  id: 'readiness',
  summary: 'Whether a run is served, and which',
  description:
    'For a probe that sends requests only where they are answered. Trouble with a newer run is told; the run before is still served.',
  isGuarded: false,
  answer: { type: 'application/json', schema: readySchema },
  problems: ['no-run'],
  handle({ keeper }) {
    const { served, trouble, passedOver } = keeper;
    if (!served) throw new Problem('no-run', trouble === null ? '' : `${trouble}.`, { headers: { 'retry-after': '5' } });
    const run = runOnWire(served.loaded.reference);
    const body = JSON.stringify({ status: 'ready', run, trouble, passed_over: passedOver } satisfies z.infer<typeof readySchema>);
    return { body, run };
  },
});

/** The endpoints about the service itself, of which the document tells too. */
export function serviceEndpoints(others: Endpoint[], version: string): Endpoint[] {
  const endpoints: Endpoint[] = [];
  let document = '';
  let page = '';
  const described = defineEndpoint({
    method: 'GET',
    path: '/openapi.json',
    id: 'openapi',
    summary: 'This service as an OpenAPI 3.1 document',
    description: 'Written from the same schemas that requests are checked with.',
    isGuarded: false,
    answer: { type: 'application/json', schema: z.looseObject({ openapi: z.literal('3.1.1') }) },
    problems: [],
    handle: () => ({ body: document }),
  });
  const read = defineEndpoint({
    method: 'GET',
    path: '/docs',
    id: 'docs',
    summary: 'The same for people',
    description: 'A page without script or request to elsewhere.',
    isGuarded: false,
    answer: { type: 'text/html', schema: z.string() },
    problems: [],
    handle: () => ({ body: page }),
  });
  endpoints.push(...others, health, readiness, described, read);
  const written = documentOf(endpoints, version);
  document = JSON.stringify(written);
  page = pageOf(written);
  return endpoints;
}
