import { LookbookError } from '#contract/error.ts';
import type { Capability, Shop } from '#contract/shop.ts';
import { demoSource } from '#source/demo.ts';
import { filesSource } from '#source/files.ts';
import type { Source } from '#source/source.ts';
import { thelook } from '#source/thelook.ts';
import type { RunOptions } from './options.ts';

const known: Record<RunOptions['shop'], Pick<Shop, 'name' | 'currency' | 'timezone' | 'locale'>> = {
  demo: { name: 'Juniper & Wren (simulated)', currency: 'USD', timezone: 'UTC', locale: 'en-GB' },
  thelook: { name: 'theLook eCommerce', currency: 'USD', timezone: 'UTC', locale: 'en-GB' },
};

/** How the shop counts money and time: what the project says, over what is known of it. */
export function shopOf(options: RunOptions, capabilities: Capability[]): Shop {
  return { id: options.shop, ...known[options.shop], ...options.shopSettings, capabilities };
}

/** @throws LookbookError (usage) when the shop needs a folder and none is given. */
export function sourceOf({ shop, data, demo }: RunOptions): Source {
  if (shop === 'demo') return demoSource(demo);
  if (data === null) throw new LookbookError('usage', { what: 'no data folder', where: `--shop ${shop}`, mend: 'add --data DIR' });
  return filesSource({ data, format: thelook });
}
