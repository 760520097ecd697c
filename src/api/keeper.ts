import type { LoadedRun } from './load.ts';
import type { Offers } from './offers.ts';
import { OffersKeeper, type ServedOffers } from './offers-keeper.ts';
import { Problem } from './problem.ts';
import type { KeeperOptions } from './protocol.ts';
import { type ServedValues, ValueKeeper } from './value-keeper.ts';

/** What may be served, each from the newest run that carries it. */
export type PartName = 'customer-value' | 'recommendations';

export interface ServiceEvents {
  servesValues(run: LoadedRun): void;
  servesOffers(offers: Offers): void;
  /** A published run can't be served; the one before still is. */
  trouble(part: PartName, message: string): void;
  recovered(part: PartName): void;
}

/** Keeps all that is served; the parts don't wait for each other, and one does without the other. */
export class Keeper {
  readonly values: ValueKeeper;
  readonly offers: OffersKeeper;

  constructor(options: KeeperOptions, events: ServiceEvents) {
    const of = (part: PartName) => ({
      trouble: (message: string) => events.trouble(part, message),
      recovered: () => events.recovered(part),
    });
    this.values = new ValueKeeper(options, { served: events.servesValues, ...of('customer-value') });
    this.offers = new OffersKeeper(options, { served: ({ offers }) => events.servesOffers(offers), ...of('recommendations') });
  }

  /** Resolves after the first look, whatever it found. */
  async start(): Promise<void> {
    await Promise.all([this.values.start(), this.offers.start()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.values.close(), this.offers.close()]);
  }

  /** Why something newer is not served; null where nothing is wrong. That a part is absent is nothing wrong where another is served. */
  get trouble(): string | null {
    const parts = [this.values, this.offers];
    const isServing = parts.some(({ served }) => served !== null);
    return parts.find(({ trouble, isAbsent }) => trouble !== null && !(isServing && isAbsent))?.trouble ?? null;
  }
}

const retry = { headers: { 'retry-after': '5' } };

/** @throws Problem (no-run) */
export function valuesOf({ values, offers }: Keeper): ServedValues {
  if (values.served) return values.served;
  throw new Problem('no-run', offers.served ? 'The runs published have no customer value.' : '', retry);
}

/** @throws Problem (no-run) */
export function offersOf({ values, offers }: Keeper): ServedOffers {
  if (offers.served) return offers.served;
  throw new Problem('no-run', values.served ? 'The runs published have no recommendations.' : '', retry);
}
