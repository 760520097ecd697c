import { type Calendar, day, week } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { categories, categoryIndex } from './categories.ts';
import { countries } from './places.ts';

/** What is planted, in seconds of the calendar; `truth.ts` prints it with dates. All ends are exclusive. */
export interface Planted {
  promotion: { from: number; to: number; category: number; discount: number; demand: number; acquisition: number };
  outage: { from: number; to: number; lost: number };
  fault: { from: number; product: number; returns: number; usual: number };
  fading: { from: number; to: number; country: number; lost: number };
  pairs: { first: number; second: number; probability: number }[];
}

const pairProbability = 0.65;
/** Demand for the faulty product over that of its category and department before it is raised. */
const faultShare = 1.8;
/** The faulty product is new: on sale for this many weeks, the first of them without fault. */
const launchWeeks = 32;
/** Department and categories of the pairs; the second is the cheaper add-on. */
const pairKinds: [department: number, first: string, second: string][] = [
  [0, 'Leggings', 'Socks'],
  [0, 'Sleep & Lounge', 'Socks'],
  [0, 'Tops & Tees', 'Accessories'],
  [1, 'Hoodies & Sweatshirts', 'Accessories'],
  [1, 'Pants', 'Tops & Tees'],
  [1, 'Jeans', 'Socks'],
];

/**
 * Places the events before `calendar.anchor`, the end of the last complete ISO week. Raises the popularity of the faulty product and
 * of the pairs' products in `products`, so that they are best sellers and seen often enough.
 */
export function plant(products: Product[], calendar: Calendar): Planted {
  const { anchor } = calendar;
  const used = new Set<number>();
  /** The most popular product of a kind, nearest in rank to the top, within the price bounds where one is. */
  const best = (department: number, category: string, low: number, high: number): number => {
    const kind = products
      .map((product, i) => ({ product, i }))
      .filter(({ product, i }) => product.department === department && product.category === categoryIndex.get(category) && !used.has(i))
      .sort((a, b) => b.product.popularity - a.product.popularity || a.i - b.i);
    const found = (kind.find(({ product }) => product.list >= low && product.list <= high) ?? kind[0])!.i;
    used.add(found);
    return found;
  };

  const faulty = best(0, 'Jeans', 40, 70);
  const jeans = products[faulty]!;
  const beside = products.filter(({ department, category }) => department === jeans.department && category === jeans.category);
  const popularity = faultShare * beside.reduce((sum, product) => sum + product.popularity, 0);
  const launch = Math.max(0, anchor - launchWeeks * week);
  Object.assign(jeans, { popularity, drift: 0, launch, returns: categories[jeans.category]!.returns });

  const pairs = pairKinds.map(([department, first, second]) => {
    const pair = { first: best(department, first, 18, 45), second: best(department, second, 8, 32), probability: pairProbability };
    for (const i of [pair.first, pair.second]) Object.assign(products[i]!, { drift: 0, launch: 0 });
    products[pair.first]!.popularity *= 2;
    return pair;
  });

  const outage = anchor - 9 * week + day;
  return {
    promotion: {
      from: anchor - 2 * week,
      to: anchor,
      category: categoryIndex.get('Active')!,
      discount: 0.2,
      demand: 2.4,
      acquisition: 1.12,
    },
    outage: { from: outage, to: outage + 2 * day, lost: 0.8 },
    fault: { from: anchor - 16 * week, product: faulty, returns: 0.45, usual: jeans.returns },
    fading: {
      from: anchor - 26 * week,
      to: anchor,
      country: countries.findIndex(({ name }) => name === 'Germany'),
      lost: 0.5,
    },
    pairs,
  };
}

/** Probability that a purchase (or a sign-up) from a country is lost to the fading region: linear from 0, kept after its end. */
export function faded({ fading }: Planted, country: number, seconds: number): number {
  if (country !== fading.country || seconds < fading.from) return 0;
  return fading.lost * Math.min(1, (seconds - fading.from) / (fading.to - fading.from));
}

export function isIn(period: { from: number; to: number }, seconds: number): boolean {
  return seconds >= period.from && seconds < period.to;
}
