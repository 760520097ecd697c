import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import { formatter } from '#contract/format.ts';
import { random } from '#stats/random.ts';
import type { BasketRow, ProductRow, ShopRow } from '../../analyses/baskets/input.ts';
import { longerRules } from '../../analyses/baskets/longer.ts';
import { network } from '../../analyses/baskets/network.ts';

/** Baskets as the queries would give them: all of the shop counted, only those with two members or more listed. */
function shopOf(baskets: readonly string[][], members: readonly string[]) {
  const half = (i: number) => (i < Math.ceil(baskets.length / 2) ? 1 : 2);
  const own = baskets.map((basket, i) => ({ i, items: basket.filter((item) => members.includes(item)) }));
  const rows: BasketRow[] = own.flatMap(({ i, items }) =>
    items.length < 2 ? [] : items.map((product_id) => ({ order_id: String(i), product_id, half: half(i) })),
  );
  const product = (id: string): ProductRow => ({
    ...{
      product_id: id,
      name: id.toUpperCase(),
      brand: 'Acme',
      category: 'Things',
      department: 'All',
      cost: 1,
      baskets_52w: 0,
      meetings: 0,
    },
    ...{ units: 1, gross_amount: 1 },
    baskets: baskets.filter((basket) => basket.includes(id)).length,
    baskets_first: baskets.filter((basket, i) => half(i) === 1 && basket.includes(id)).length,
  });
  const shop = { baskets: baskets.length, baskets_first: Math.ceil(baskets.length / 2) } as ShopRow;
  return { shop, rows, products: members.map(product) };
}

const draw = random(5, 'longer');
const chance = (share: number) => draw.uniform() < share;

describe('longerRules', () => {
  // c follows a and b together, and neither alone.
  const baskets = Array.from({ length: 4000 }, () => {
    const basket = ['other'];
    const [a, b] = [chance(0.2), chance(0.2)];
    if (a) basket.push('a');
    if (b) basket.push('b');
    if (chance(a && b ? 0.7 : 0.03)) basket.push('c');
    return chance(0.1) ? [] : basket;
  });
  const { shop, rows, products } = shopOf(baskets, ['a', 'b', 'c']);
  const found = longerRules(shop, rows, products, 5);

  it('finds what only two products together lead to, with the measures of the whole shop', () => {
    expect(found.called.map(({ from, to }) => [from.map(({ name }) => name).join('+'), to.name])).toEqual([['A+B', 'C']]);
    const [rule] = found.called;
    const holding = (...items: string[]) => baskets.filter((basket) => items.every((item) => basket.includes(item))).length;
    expect(rule!.count).toBe(holding('a', 'b', 'c'));
    expect(rule!.confidence).toBeCloseTo(holding('a', 'b', 'c') / holding('a', 'b'), 12);
    expect(rule!.lift).toBeCloseTo((holding('a', 'b', 'c') * 4000) / (holding('a', 'b') * holding('c')), 10);
    expect(rule!.stability.isStable).toBe(true);
  });

  it('calls no set of three that only its pairs explain', () => {
    const paired = Array.from({ length: 3000 }, () => {
      const basket: string[] = [];
      if (chance(0.2)) basket.push('a', ...(chance(0.6) ? ['b'] : []));
      if (chance(0.3)) basket.push('c');
      return basket;
    });
    const given = shopOf(paired, ['a', 'b', 'c']);
    expect(longerRules(given.shop, given.rows, given.products, 5).called).toEqual([]);
  });

  it('stands nothing', () => {
    expect(longerRules(shop, [], products, 5)).toEqual({ sets: 0, rules: 0, called: [] });
  });
});

describe('network', () => {
  const format = formatter({ currency: 'USD', locale: 'en-GB' });
  const graph = (links: [string, string][]) =>
    network({
      ...{
        id: 'graph',
        title: 'Graph',
        subtitle: 'Links',
        of: 'links',
        reason: 'they hang together',
        format,
        weight: 'weight',
        written: 'written',
      },
      ends: { from: 'from', to: 'to', fromName: 'from_name', toName: 'to_name' },
      rows: links.map(([from, to], i) => ({
        from,
        to,
        from_name: `Item ${from}`,
        to_name: `Item ${to} <b>&`,
        weight: i + 1,
        written: `${i} baskets`,
      })),
    });

  it.each<[string, [string, string][]]>([
    ['nothing', []],
    ['a bar', [['a', 'b']]],
    [
      'a star',
      [
        ['a', 'b'],
        ['c', 'a'],
        ['a', 'd'],
      ],
    ],
    [
      'a ring',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['x', 'y'],
      ],
    ],
    [
      'a chain beside bars',
      [
        ['p', 'q'],
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'd'],
      ],
    ],
  ])('draws %s at every width, each item inside it', async (_, links) => {
    const figure = graph(links);
    for (const variant of ['wide', 'narrow', 'half'] as const) {
      const svg = await renderSvg(figure, variant, 'x');
      expect(svg).not.toMatch(/NaN|<b>/);
      for (const item of new Set(links.flat())) expect(svg).toContain(`Item ${item}`);
    }
    const width = (figure.spec.width as number) || 0;
    for (const layer of figure.spec.layer as { data?: { values: { x: number; y: number }[] } }[]) {
      for (const { x, y } of layer.data?.values ?? []) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(figure.spec.height as number);
      }
    }
  });
});
