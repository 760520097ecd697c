import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { LookbookError } from '#contract/error.ts';
import { publishedRuns } from '#run/artifacts.ts';
import { customerValue, highValueNew } from './customer-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { Keeper, type PartName } from './keeper.ts';
import type { LogStream } from './log.ts';
import { basketRecommendations, customerRecommendations, similar } from './recommendation-endpoints.ts';
import { chooseRun } from './run-choice.ts';
import { buildServer } from './server.ts';
import { serviceEndpoints } from './service-endpoints.ts';

export interface ServiceOptions {
  /** Absolute. */
  out: string;
  shop: string | null;
  asOf: string | null;
  host: string;
  /** 0 for any that is free. */
  port: number;
  token: string | null;
  /** Requests a second that one client may make. */
  rate: number;
  version: string;
  log?: LogStream;
  /** Milliseconds between two looks for a newer run. @default 1000 */
  every?: number;
  /** What is served besides what tells of the service itself. @default all that there is */
  endpoints?: Endpoint[];
}

/** A service that listens. */
export interface Service {
  /** 'http://127.0.0.1:8080' */
  origin: string;
  endpoints: Endpoint[];
  keeper: Keeper;
  /** Answers what is under way, takes nothing new, and ends. */
  close(): Promise<void>;
}

const all: Endpoint[] = [highValueNew, customerValue, customerRecommendations, basketRecommendations, similar];

/**
 * Starts the service. It listens once it has looked for a run, whether it found one or not: /readyz tells.
 * @throws LookbookError (usage) where the shop or day asked for isn't among those published, or the address can't be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { out, shop, asOf, host, port, token, rate, version, log, every = 1000 } = options;
  const runs = publishedRuns(out);
  if (runs.length > 0) chooseRun(runs, { shop, asOf }, [], out);
  const endpoints = serviceEndpoints(options.endpoints ?? all, version);
  const keeper = new Keeper(
    { out, shop, asOf, every },
    {
      servesValues: ({ reference, customers, model }) =>
        app.log.info({ part: 'customer-value', run: reference, customers: customers.count, supported: model.supported }, 'serving a run'),
      servesOffers: ({ reference, served, residents, products }) =>
        app.log.info(
          { part: 'recommendations', run: reference, served, customers: residents.count, products: products.count },
          'serving a run',
        ),
      trouble: (part, message) => app.log.error({ part, cause: message, served: servedRun(part) }, 'a run cannot be served'),
      recovered: (part) => app.log.info({ part, served: servedRun(part) }, 'recovered'),
    },
  );
  const servedRun = (part: PartName) =>
    (part === 'customer-value' ? keeper.values.served?.loaded.reference : keeper.offers.served?.loaded.offers.reference) ?? null;
  const app = await buildServer({ endpoints, keeper, token, rate, ...(log ? { log } : {}) });
  const drained = drain(app.server);
  try {
    await keeper.start();
    // By name it would be listened on twice, IPv6 apart.
    const origin = await app.listen({
      host: host === 'localhost' ? '127.0.0.1' : host,
      port,
      listenTextResolver: (address) => `listening on ${address}`,
    });
    const close = async () => {
      const closed = app.close();
      await drained();
      app.server.closeAllConnections();
      await closed;
      await keeper.close();
    };
    return { origin, endpoints, keeper, close };
  } catch (error) {
    await keeper.close();
    await app.close();
    throw refusedAddress(error as NodeJS.ErrnoException, host, port);
  }
}

const quietMilliseconds = 50;

/** Counts what is under way. @returns a wait until nothing has been for a moment: connections that stay open after that are idle. */
function drain(server: Server): () => Promise<void> {
  let open = 0;
  let last = 0;
  server.on('request', (_request, response) => {
    open++;
    response.once('close', () => {
      open--;
      last = performance.now();
    });
  });
  return async () => {
    last = performance.now();
    while (open > 0 || performance.now() - last < quietMilliseconds) await sleep(10);
  };
}

const refusals: Record<string, [what: string, mend: string]> = {
  EADDRINUSE: ['the port is already in use', 'take another with --port N, or 0 for any that is free'],
  EACCES: ['the port is reserved', 'take one above 1023 with --port N'],
  EADDRNOTAVAIL: ['this machine has no such address', 'leave --host out to serve this machine alone'],
  ENOTFOUND: ['no such host', 'give an address of this machine with --host'],
};

function refusedAddress(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const refusal = refusals[error.code ?? ''];
  if (!refusal) return error;
  return new LookbookError('usage', { what: refusal[0], where: `${host}, port ${port}`, mend: refusal[1] }, { cause: error });
}
