import { createHash, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyHttpOptions, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { accepts, matches } from './accept.ts';
import { isOwnHost, tokenCheck } from './access.ts';
import type { RunOnWire } from './answer.ts';
import { type Answer, checked, type Endpoint } from './endpoint.ts';
import type { Keeper } from './keeper.ts';
import { type LogStream, logOptions, RequestLog } from './log.ts';
import { pagePolicy } from './page.ts';
import { kindOf, Problem, type ProblemKind, problemBody, problemType } from './problem.ts';

export interface ServerOptions {
  endpoints: Endpoint[];
  keeper: Keeper;
  /** What requests must carry; null for a service that only this machine can reach. */
  token: string | null;
  /** Requests a second that one client may make. */
  rate: number;
  log?: LogStream;
}

const longestUrl = 2048;
const largestBody = 65_536;
const mostConnections = 1024;
const types = { 'application/json': 'application/json; charset=utf-8', 'text/html': 'text/html; charset=utf-8' } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    endpoint?: Endpoint;
  }
}

/** The service over HTTP, not listening yet. Every answer is made from what the keeper serves at that moment. */
export async function buildServer({ endpoints, keeper, token, rate, log }: ServerOptions): Promise<FastifyInstance> {
  const settings: FastifyHttpOptions<Server> = {
    logger: logOptions(log),
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    bodyLimit: largestBody,
    // Answered here, in the form of all other problems, until the last connection is closed.
    return503OnClosing: false,
    requestTimeout: 10_000,
    handlerTimeout: 10_000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: longestUrl },
    frameworkErrors: (error, request, reply) => {
      const isLong = (request.raw.url?.length ?? 0) > longestUrl;
      const problem = new Problem(isLong ? 'url-too-long' : kindOf(error.statusCode ?? 400), '');
      secure(reply as FastifyReply);
      fail(problem, request as FastifyRequest, reply as FastifyReply);
      request.log.info({ status: problem.status, cause: error.code }, 'refused');
    },
    clientErrorHandler(error, socket) {
      refuseConnection(app, error, socket);
    },
  };
  const app: FastifyInstance = fastify(settings);
  app.server.maxConnections = mostConnections;
  const routes = endpoints.map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  const isToken = token === null ? null : tokenCheck(token);
  app.removeContentTypeParser('text/plain');
  await app.register(rateLimit, { global: false, max: rate, timeWindow: 1000, enableDraftSpec: true });
  const limit = app.rateLimit();

  app.addHook('onRequest', (request, reply, done) => {
    secure(reply);
    if (request.raw.url!.length > longestUrl) throw closing(new Problem('url-too-long', `At most ${longestUrl} characters.`));
    if (isToken === null && !isOwnHost(request.headers.host)) throw new Problem('misdirected-request', '');
    done();
  });
  app.addHook('onRequest', function (request, reply) {
    const endpoint = request.routeOptions.config.endpoint;
    return endpoint && !endpoint.isGuarded ? Promise.resolve() : (limit.call(this, request, reply) as unknown as Promise<void>);
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const endpoint = request.is404 ? undefined : request.routeOptions.config.endpoint;
    if (!endpoint) throw missing(request, routes);
    if (endpoint.isGuarded && isToken && !isToken(request.headers.authorization)) {
      throw new Problem('token-required', '', { headers: { 'www-authenticate': 'Bearer realm="lookbook"' } });
    }
    if (!accepts(request.headers.accept, endpoint.answer.type)) {
      throw new Problem('not-acceptable', '', { errors: [{ in: 'header', name: 'accept', detail: `must admit ${endpoint.answer.type}` }] });
    }
    if (!endpoint.body) refuseBody(request);
    done();
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => fail(error, request, reply));
  app.setNotFoundHandler((request, reply) => fail(missing(request, routes), request, reply));
  for (const endpoint of endpoints) {
    app.route({
      method: endpoint.method,
      url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { endpoint },
      handler(request, reply) {
        const { params, query, body } = request;
        const answer = endpoint.handle({ ...checked(endpoint, { params, query, body }), keeper });
        if (answer instanceof Promise) return answer.then((made) => respond(endpoint, made, request, reply));
        return respond(endpoint, answer, request, reply);
      },
    });
  }
  return app;
}

function respond(
  { answer, method }: Endpoint,
  { body, status = 200, run }: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  reply.header('etag', etag);
  if (run) reply.header('last-run', lastRun(run));
  if (answer.type === 'text/html') reply.header('content-security-policy', pagePolicy);
  if (method === 'GET' && matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.code(status).type(types[answer.type]).send(body);
}

/** A structured field (RFC 9651): a dictionary of strings. Ids and days hold nothing that would need escaping, a shop's folder might. */
function lastRun({ shop, as_of, run, manifest }: RunOnWire): string {
  const name = shop.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
  return `shop="${name}", as-of="${as_of}", run="${run}", manifest="${manifest}"`;
}

function secure(reply: FastifyReply): void {
  reply.headers({
    'cache-control': 'private, no-cache',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
}

function fail(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  const problem = error instanceof Problem ? error : problemFor(error);
  if (problem.status === 500) request.log.error({ error: String(error.stack ?? error) }, 'failed');
  reply.headers(problem.headers);
  reply.removeHeader('etag');
  if (problem.run) reply.header('last-run', lastRun(problem.run));
  reply
    .code(problem.status)
    .type(problemType)
    .send(problemBody(problem, String(request.id)));
}

function problemFor(error: Error & { statusCode?: number }): Problem {
  const status = error.statusCode ?? 500;
  const headers = status === 413 || status === 415 ? { connection: 'close' } : status === 503 ? { 'retry-after': '1' } : {};
  return new Problem(kindOf(status), '', { headers: headers as Record<string, string> });
}

/** What isn't routed: another method than the address has, or no such address. */
function missing(request: FastifyRequest, routes: { method: string; pattern: RegExp }[]): Problem {
  const path = request.raw.url!.split('?')[0]!;
  const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length === 0) return hasBody(request) ? closing(new Problem('not-found', '')) : new Problem('not-found', '');
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return closing(new Problem('method-not-allowed', '', { headers: { allow } }));
}

function patternOf(path: string): RegExp {
  const literal = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\{\w+\}/g, '[^/]+')}$`);
}

const hasBody = ({ headers }: FastifyRequest) => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** What comes with a GET is not read, so that the connection can't be used again. */
function refuseBody(request: FastifyRequest): void {
  if (!hasBody(request)) return;
  if (Number(request.headers['content-length'] ?? 0) > largestBody) throw closing(new Problem('body-too-large', ''));
  throw closing(new Problem('unsupported-media-type', ''));
}

function closing(problem: Problem): Problem {
  problem.headers.connection = 'close';
  return problem;
}

const rawKinds: Record<string, ProblemKind> = { HPE_HEADER_OVERFLOW: 'headers-too-large', ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout' };

/** What isn't HTTP never becomes a request. */
function refuseConnection({ log }: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const id = randomUUID();
  const problem = new Problem(rawKinds[error.code ?? ''] ?? 'malformed-request', '');
  const body = problemBody(problem, id);
  log.info({ request: id, status: problem.status, cause: error.code ?? null }, 'refused');
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.kind}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
