import { type AppraiseOptions, defaultAppraisal } from '#recommender/appraise.ts';
import type { Catalogue } from '#recommender/catalogue.ts';
import { type Interactions, interactions } from '#recommender/interactions.ts';
import { defaultTraining } from '#recommender/train.ts';
import { random } from '#stats/random.ts';

const tastes = ['garden', 'kitchen', 'cycling', 'painting', 'fishing', 'music'];
const things =
  'lamp glove stand brush holder table basket mirror clock bottle frame jacket hook tray rack pillow chain board ribbon cover'.split(' ');
const days = 280;

export interface Shop {
  catalogue: Catalogue;
  data: Interactions;
  /** Taste of each product. */
  taste: Int32Array;
  /** First day on which each product is sold. */
  launch: Int32Array;
}

/**
 * A shop of six tastes, each with twenty products whose names tell it; three of each come only in the last window.
 * @param loyalty share of a customer's purchases that follow the customer's taste; 0: everyone buys anything.
 */
export function simulate(seed: number, loyalty: number, customers = 500): Shop {
  const r = random(seed, 'shop');
  const names = tastes.flatMap((taste) => things.map((thing) => `${taste} ${thing}`));
  const taste = Int32Array.from(names, (_, p) => Math.floor(p / things.length));
  const launch = Int32Array.from(names, (_, p) => (p % things.length < 3 ? days - 56 : 0));
  const catalogue: Catalogue = {
    ids: names.map((_, p) => `p${p}`),
    names,
    brands: names.map((_, p) => `brand ${p % 5}`),
    categories: names.map(() => null),
    prices: Float64Array.from(names, (_, p) => 5 + (p % 7)),
  };
  const rows = { customer: [] as string[], product: [] as string[], day: [] as number[], kind: [] as string[] };
  for (let c = 0; c < customers; c++) {
    const own = r.integer(tastes.length);
    for (let n = 4 + r.poisson(6); n > 0; n--) {
      const day = r.integer(days);
      const from = r.uniform() < loyalty ? own : r.integer(tastes.length);
      const product = from * things.length + r.integer(things.length);
      if (day < launch[product]!) continue;
      rows.customer.push(`c${c}`);
      rows.product.push(`p${product}`);
      rows.day.push(day);
      rows.kind.push('purchase');
    }
  }
  return { catalogue, data: interactions(rows, catalogue), taste, launch };
}

/** Small enough for a test. */
export const quick: AppraiseOptions = {
  ...defaultAppraisal,
  seed: 1,
  training: { ...defaultTraining, dimensions: 16, batch: 128, epochs: 8, halfLife: 200 },
};
