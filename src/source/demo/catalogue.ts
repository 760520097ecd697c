import { type Random, random } from '../random.ts';
import { adjectives, brands, colours } from './brands.ts';
import { type Calendar, week } from './calendar.ts';
import { categories, departments } from './categories.ts';
import { centres } from './centres.ts';

/** One product; its index in the catalogue plus one is its id. */
export interface Product {
  name: string;
  brand: string;
  category: number;
  /** Index into `departments`. */
  department: number;
  list: number;
  cost: number;
  sku: string;
  /** Index into `centres`. */
  centre: number;
  /** Relative demand, before taste, season and trend. */
  popularity: number;
  /** Factor on views over purchases: products that people look at and leave. */
  curiosity: number;
  /** Yearly drift of demand on the log scale. */
  drift: number;
  /** Probability that a delivered item comes back. */
  returns: number;
  /** First second on sale. */
  launch: number;
}

const size = 600;

/** @returns 600 products over 14 categories and two departments, drawn from the seed; the same for shops of any number of customers. */
export function catalogue(seed: number, calendar: Calendar): Product[] {
  const draw = random(seed, 'catalogue');
  const cells = categories.flatMap((category, c) =>
    category.demand.map((demand, d) => ({ category, c, d, demand })).filter(({ demand }) => demand > 0),
  );
  const total = cells.reduce((sum, cell) => sum + cell.demand, 0);
  const names = new Set<string>();
  const products: Product[] = [];
  let due = 0;
  for (const { category, c, d, demand } of cells) {
    due += (size * demand) / total;
    const count = Math.round(due) - products.length;
    const makers = brands.filter(({ makes }) => makes.includes(category.name));
    const drawn = Array.from({ length: count }, () => draw.gamma(1.6));
    const all = drawn.reduce((sum, value) => sum + value, 0);
    for (const share of drawn) {
      const brand = makers[draw.integer(makers.length)]!;
      const list = price(category.price * brand.level * Math.exp(category.spread * draw.normal()));
      const isLater = draw.uniform() < 0.15;
      products.push({
        name: unusedName(draw, names, brand.name, departments[d]!, category.nouns[d]!),
        brand: brand.name,
        category: c,
        department: d,
        list,
        cost: cents(list * category.cost * (0.9 + 0.2 * draw.uniform())),
        sku: `${brand.name
          .replace(/[^A-Za-z]/g, '')
          .slice(0, 3)
          .toUpperCase()}${String(products.length + 1).padStart(4, '0')}`,
        centre: draw.integer(centres.length),
        popularity: (demand * share) / all,
        curiosity: Math.exp(0.35 * draw.normal()),
        drift: 0.3 * draw.normal(),
        returns: Math.min(0.3, category.returns * Math.exp(0.25 * draw.normal() - 0.03)),
        launch: isLater ? Math.floor((draw.uniform() * 0.8 * calendar.close) / week) * week : 0,
      });
    }
  }
  return products;
}

const cents = (value: number) => Math.round(value * 100) / 100;

/** Shop prices end in .95, or in .50 when low. */
function price(value: number): number {
  return value < 15 ? Math.max(5.5, Math.round(value) + 0.5) : Math.round(value) - 0.05;
}

function unusedName(draw: Random, names: Set<string>, brand: string, department: string, nouns: string[]): string {
  for (;;) {
    const adjective = adjectives[draw.integer(adjectives.length)]!;
    const colour = colours[draw.integer(colours.length)]!;
    const name = `${brand} ${department}'s ${adjective} ${nouns[draw.integer(nouns.length)]!} ${colour}`;
    if (names.has(name)) continue;
    names.add(name);
    return name;
  }
}
