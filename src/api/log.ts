import { type FastifyReply, type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify';

/** Where log lines go; standard output unless given. */
export interface LogStream {
  write(line: string): void;
}

/**
 * One line of JSON a request, with the pattern of its route in place of its address: an address may hold a customer's id, and neither
 * that, nor a query, a header or a client's address is written.
 */
export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request' });
  }

  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      method: request.method,
      route: request.is404 ? null : (request.routeOptions.url ?? null),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 1000) / 1000,
      bytes: Number(reply.getHeader('content-length') ?? 0),
    };
    if (error) reply.log.warn({ ...line, cause: error.name }, 'answer cut off');
    else reply.log.info(line, 'answered');
  }

  override defaultErrorLog(): void {}
  override streamError(): void {}
  override routeNotFound(): void {}

  override writeHeadError(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
    reply.log.error({ error: String(error.stack) }, 'failed');
  }

  override serializerError(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
    reply.log.error({ error: String(error.stack) }, 'failed');
  }

  override serviceUnavailable(): void {}
}

/** Lines as the service writes them: time, level, message, and what belongs to it. */
export function logOptions(stream: LogStream | undefined): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }), bindings: () => ({}) },
    ...(stream ? { stream } : {}),
  };
}
