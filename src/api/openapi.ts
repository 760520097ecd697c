import { z } from 'zod';
import { tokenVariable } from './access.ts';
import { customerSchema, listSchema, runSchema, valueSchema } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { type ProblemKind, problemSchema, problems } from './problem.ts';
import { judgementSchema, reasonSchema, recommendationsSchema, recommendedSchema, similarSchema } from './recommendation-answer.ts';

type Json = { [name: string]: unknown };

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description: string;
  schema: Json;
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required: true; content: { 'application/json': { schema: Json; example?: unknown } } };
  security: Json[];
  responses: Record<string, { description: string; headers?: Json; content?: Record<string, { schema: Json }> }>;
}

/** An OpenAPI 3.1 document. */
export interface Document {
  openapi: '3.1.1';
  info: { title: string; version: string; summary: string; description: string; license: Json };
  servers: Json[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
}

/** Problems that any request may meet. */
const common: ProblemKind[] = [
  'malformed-request',
  'invalid-parameter',
  'method-not-allowed',
  'not-acceptable',
  'request-timeout',
  'body-too-large',
  'url-too-long',
  'unsupported-media-type',
  'misdirected-request',
  'headers-too-large',
  'internal-error',
];
const guarded: ProblemKind[] = ['token-required', 'too-many-requests'];

const named = z.registry<{ id: string }>();
named.add(runSchema, { id: 'Run' });
named.add(customerSchema, { id: 'Customer' });
named.add(valueSchema, { id: 'CustomerValue' });
named.add(listSchema, { id: 'HighValueNewCustomers' });
named.add(reasonSchema, { id: 'Reason' });
named.add(recommendedSchema, { id: 'Recommended' });
named.add(judgementSchema, { id: 'Judgement' });
named.add(recommendationsSchema, { id: 'Recommendations' });
named.add(similarSchema, { id: 'SimilarProducts' });
named.add(problemSchema, { id: 'Problem' });

const place = (id: string) => `#/components/schemas/${id}`;

/** The document of a service, from the schemas that its requests are checked with. */
export function documentOf(endpoints: Endpoint[], version: string): Document {
  const paths: Document['paths'] = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {};
    paths[endpoint.path]![endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Lookbook',
      version,
      summary: "A shop's customers, what to expect of them and what to offer them, from the last published run.",
      description:
        'Every answer names the run it rests on, in its body, in Last-Run and in ETag: ask with If-None-Match, and 304 says that nothing has changed. HEAD answers as GET does, without a body. Money is in the currency of the shop, chances lie between 0 and 1, days are counted up to the as-of day of the run.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(z.toJSONSchema(named, { uri: place, io: 'output' }).schemas).map(([id, schema]) => [id, bare(schema as Json)]),
      ),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: `The value of ${tokenVariable} where the service was started.` },
      },
    },
  };
}

function operationOf(endpoint: Endpoint): Operation {
  const { id, summary, description, params, query, body, example, answer, isGuarded } = endpoint;
  const status = { ok: '200', unchanged: '304' };
  const type = answer.type === 'text/html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  return {
    operationId: id,
    summary,
    description,
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input'), example } } } } : {}),
    security: isGuarded ? [{ token: [] }, {}] : [],
    responses: {
      [status.ok]: {
        description: 'Answered',
        headers: headersOf(endpoint),
        content: { [type]: { schema: jsonSchema(answer.schema, 'output') } },
      },
      ...(endpoint.method === 'GET' ? { [status.unchanged]: { description: 'As the entity tag sent says' } } : {}),
      ...problemsOf(endpoint),
    },
  };
}

function parametersOf(schema: z.ZodObject, where: Parameter['in']): Parameter[] {
  return Object.entries(schema.shape).map(([name, one]) => {
    const { description = '', ...rest } = jsonSchema(one as z.ZodType, 'output');
    return { name, in: where, required: !(one as z.ZodType).safeParse(undefined).success, description: String(description), schema: rest };
  });
}

function headersOf({ path }: Endpoint): Json {
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  const isOfRun = path.startsWith('/v1/') || path === '/readyz';
  return {
    ETag: text('Entity tag of the body'),
    ...(isOfRun
      ? { 'Last-Run': text('The run the answer rests on: shop, as-of, run and manifest, as a structured field (RFC 9651)') }
      : {}),
  };
}

function problemsOf(endpoint: Endpoint): Operation['responses'] {
  const own = [...endpoint.problems, ...common, ...(endpoint.isGuarded ? guarded : [])];
  const kinds = new Set(own);
  const byStatus = Map.groupBy(kinds, (kind) => problems[kind].status);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [
        String(status),
        {
          description: list.map((kind) => problems[kind].title).join('; '),
          content: { 'application/problem+json; charset=utf-8': { schema: { $ref: place('Problem') } } },
        },
      ]),
  );
}

/** A schema in place, or a reference where it has a name. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const name = named.get(schema as never)?.id;
  return name === undefined ? bare(z.toJSONSchema(schema, { io }) as Json) : { $ref: place(name) };
}

/** The dialect is that of the document. */
function bare({ $schema: _dialect, $id: _id, ...schema }: Json): Json {
  return schema;
}
