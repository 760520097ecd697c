import { z } from 'zod';
import { runOnWire, runSchema } from './answer.ts';
import { defineEndpoint, type Endpoint } from './endpoint.ts';
import { madeAhead } from './offers-keeper.ts';
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

const part = { run: runSchema, passed_over: z.array(z.iso.date()).describe('Newer days whose runs lack it') };
const served = 'The run it is served from; null where no run published has it';

const readySchema = z.strictObject({
  status: z.literal('ready'),
  run: runSchema,
  trouble: z.string().nullable().describe('Why a newer run is not served; null where nothing is wrong'),
  passed_over: z.array(z.iso.date()),
  customer_value: z.strictObject(part).nullable().describe(served),
  recommendations: z
    .strictObject({
      ...part,
      made_ahead: z
        .number()
        .min(0)
        .max(1)
        .describe('Share of the lists to be made ahead that are; the others are made when they are asked for'),
    })
    .nullable()
    .describe(served),
});

const readiness = defineEndpoint({
  method: 'GET',
  path: '/readyz',
  id: 'readiness',
  summary: 'Whether a run is served, and which',
  description:
    'For a probe that sends requests only where they are answered. Customer value and recommendations are each served from the newest run that has them; run and passed_over are those of customer value, or of the recommendations where no run has the former. Trouble with a newer run is told; the run before is still served.',
  isGuarded: false,
  answer: { type: 'application/json', schema: readySchema },
  problems: ['no-run'],
  handle({ keeper }) {
    const { values, offers, trouble } = keeper;
    const value = values.served && { run: runOnWire(values.served.loaded.reference), passed_over: values.passedOver };
    const recommendations = offers.served && {
      run: runOnWire(offers.served.loaded.offers.reference),
      passed_over: offers.passedOver,
      made_ahead: madeAhead(offers.served.loaded),
    };
    const first = value ?? recommendations;
    if (!first) throw new Problem('no-run', trouble === null ? '' : `${trouble}.`, { headers: { 'retry-after': '5' } });
    const { run, passed_over } = first;
    const ready: z.infer<typeof readySchema> = { status: 'ready', run, trouble, passed_over, customer_value: value, recommendations };
    return { body: JSON.stringify(ready), run };
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
