import { LookbookError } from '#contract/error.ts';
import { maxK } from '#recommender/recommender.ts';
import type { Config } from '#run/config.ts';
import { type Format, formatOf, parse, runFlags, runOf, wholeNumber } from './command-line.ts';

const flags = {
  customer: { type: 'string' },
  products: { type: 'string' },
  similar: { type: 'string' },
  k: { type: 'string', short: 'k' },
  exclude: { type: 'string', multiple: true },
  format: { type: 'string' },
  ...runFlags,
} as const;

export interface RecommendOptions {
  out: string;
  shop: string | null;
  asOf: string | null;
  /** Null with --help. */
  asked: { customerId: string } | { productIds: string[] } | { similarTo: string } | null;
  k: number;
  exclude: string[];
  format: Format;
  help: boolean;
}

export const recommendUsage = `Usage: npm run recommend -- --customer ID | --products IDS | --similar ID [options]

What to offer, from the last published run. Nothing is fitted. Ids have commas between them.

  --customer ID          what to offer this customer; without a history what is popular where they live, then in the shop
  --products P1,P2       what goes with a basket of these products
  --similar ID           products most similar to this one
  -k, --k N              so many products, 1 to ${maxK} (default: 10)
  --exclude P1,P2        products to leave out; may be given several times
  --format table|csv|json  (default: table)
  --shop SHOP            which shop (default: that of lookbook.config, or the only one published)
  --as-of DATE           day of the run (default: the newest)
  --out DIR              output folder of the runs (default: output)
  --help                 this text`;

/**
 * Command line of `recommend`, over the configuration, over defaults.
 * @param cwd folder that relative paths start from.
 * @throws LookbookError (usage) that names the wrong flag or value.
 */
export function recommendOptions(argv: string[], config: Config, cwd: string): RecommendOptions {
  const values = parse(argv, flags, 'recommend');
  const { customer, products, similar } = values;
  const run = runOf(values, config, cwd);
  const given = [customer, products, similar].filter((value) => value !== undefined);
  if (!run.help && given.length !== 1) {
    const what = given.length === 0 ? 'for whom or what is not said' : 'more than one thing is asked at once';
    throw new LookbookError('usage', {
      ...{ what, where: 'command line', expected: 'one of --customer, --products and --similar' },
      mend: 'npm run recommend -- --help lists the options',
    });
  }
  const exclude = idsOf((values.exclude ?? []).join(','));
  if (similar !== undefined && exclude.length > 0) {
    throw new LookbookError('usage', {
      what: 'nothing can be left out of what is similar',
      where: '--exclude',
      mend: 'leave --exclude out',
    });
  }
  return {
    ...run,
    asked: customer !== undefined ? { customerId: customer } : products !== undefined ? basketOf(products) : similarTo(similar),
    k: wholeNumber(values.k ?? '10', '-k', 1, maxK),
    exclude,
    format: formatOf(values.format),
  };
}

function basketOf(products: string): { productIds: string[] } {
  const productIds = idsOf(products);
  if (productIds.length > 0) return { productIds };
  throw new LookbookError('usage', { what: 'no product is named', where: '--products', expected: 'ids with commas between them' });
}

function similarTo(product: string | undefined): { similarTo: string } | null {
  return product === undefined ? null : { similarTo: product };
}

function idsOf(text: string): string[] {
  return text.split(',').filter((id) => id !== '');
}
