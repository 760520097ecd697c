import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Column, Table } from '#contract/table.ts';
import { cents, change, ratio, total } from '../shared/change.ts';
import { sentence, someOf, spelled } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import { type CategoryLine, discountOf, type Sums } from './category.ts';
import { missingSpan } from './figure.ts';
import { leastSold, leastViews, type Move, nameOf, restOf, shownProducts } from './product.ts';
import { leastDelivered } from './returned.ts';

/** A table, or the reason why this shop can't have it. */
export type Filled = { id: string } & ({ table: Table } | { omitted: string });

const shownBrands = 12;

export function assortmentTables(a: Assortment): Filled[] {
  return [categories(a), brands(a), moves(a, 'risen'), moves(a, 'fallen'), returned(a), viewed(a)];
}

const filled = (table: Table): Filled => ({ id: table.id, table });

function categories(a: Assortment): Filled {
  const id = 'categories';
  const { format, categories: lines, spans, whole, shop, returns } = a;
  if (!spans.now || !whole || !shop.now || lines.length === 0) return { id, omitted: missingSpan(a) };
  const byCategory = new Map(returns.categories.map((line) => [line.category, line]));
  const line = (category: string, now: Sums, prior: Sums | null, year: Sums | null): Row => ({
    category,
    net: now.net,
    change: prior && cents(now.net - prior.net),
    on_prior: prior && change(now.net, prior.net),
    on_year: year && change(now.net, year.net),
    units: now.units,
    margin_share: now.net > 0 ? ratio(now.margin, now.net) : null,
    discount: discountOf(now),
    return_rate: byCategory.get(category)?.rate ?? null,
  });
  const rows = lines
    .toSorted((x, y) => y.now.net - x.now.net || (x.category < y.category ? -1 : 1))
    .map(({ category, now, prior, year }) => line(category, now, prior, year));
  const columns: (Column | null)[] = [
    { key: 'category', label: 'Category', type: 'text' },
    { key: 'net', label: 'Net revenue', type: 'money' },
    spans.prior && { key: 'change', label: 'Change', type: 'money', signed: true },
    spans.prior && { key: 'on_prior', label: 'On the span before', type: 'change', polarity: 'up' },
    spans.year && { key: 'on_year', label: 'On last year', type: 'change', polarity: 'up' },
    { key: 'units', label: 'Units', type: 'count' },
    a.has('costs') ? { key: 'margin_share', label: 'Margin', type: 'share' } : null,
    { key: 'discount', label: 'Discount', type: 'share' },
    returns.shop && { key: 'return_rate', label: 'Returned', type: 'share' },
  ];
  return filled({
    id,
    title: titleOfCategories(a, lines),
    subtitle: prose`By category, ${spans.now.words}${spans.prior ? `; the span before is ${spans.prior.words}` : ''}${spans.year ? `, last year ${spans.year.words}` : ''}`,
    columns: columns.filter((column) => column !== null),
    rows,
    total: {
      ...line('All categories', whole.now, whole.prior, whole.year),
      return_rate: returns.shop?.rate ?? null,
    },
    note: prose`Returned: of pieces delivered in orders of the span, so far; a dash stands for fewer than ${format.count(leastDelivered.tested)} pieces.`,
  });
}

function titleOfCategories({ format, spans }: Assortment, lines: readonly CategoryLine[]): string {
  const above = (pick: (line: CategoryLine) => number | null, what: string) => {
    const n = lines.filter((line) => (pick(line) ?? 0) > 0).length;
    const some = n === lines.length && n > 1 ? prose`all ${format.word(n)}` : someOf(format, n, lines.length);
    return prose`${sentence(some)} categories ${n === 1 ? 'is' : 'are'} above ${what}`;
  };
  if (spans.year) return above(({ growth }) => growth, 'the same weeks last year');
  if (spans.prior) return above(({ change: by }) => by, 'the weeks before');
  return prose`${sentence(spelled(format, lines.length, 'category', 'categories'))} sold in the span`;
}

function brands(a: Assortment): Filled {
  const id = 'brands';
  const { format, brands: lines, spans, shop } = a;
  if (!spans.now || !spans.prior || !shop.now || !shop.prior || lines.length === 0) return { id, omitted: missingSpan(a) };
  const called = lines.filter(({ shift }) => shift?.isCalled);
  const tested = lines.filter(({ shift }) => shift !== null).length;
  const shown = lines.slice(0, shownBrands);
  const left = {
    now: cents(shop.now.net - total(shown, ({ now }) => now)),
    prior: cents(shop.prior.net - total(shown, ({ prior }) => prior)),
  };
  const units = total(shown, (line) => line.units);
  const orders = (line: (typeof lines)[number]): Row => ({
    brand: line.brand,
    net: line.now,
    prior: line.prior,
    change: line.change,
    on_prior: change(line.now, line.prior),
    units: line.units,
    share: line.shift && line.shift.after - line.shift.before,
    signal: line.shift === null ? 'too few orders' : line.shift.isCalled ? 'beyond chance' : 'within chance',
  });
  const others = lines.length - shown.length;
  return filled({
    id,
    title:
      called.length > 0
        ? sentence(
            prose`${someOf(format, called.length, tested)} brands changed ${called.length === 1 ? 'its' : 'their'} share of orders beyond chance`,
          )
        : prose`None of ${format.count(tested)} brands changed its share of orders beyond chance`,
    subtitle: prose`The ${format.count(shown.length)} largest changes of net revenue, ${spans.now.words} against ${spans.prior.words}`,
    columns: [
      { key: 'brand', label: 'Brand', type: 'text' },
      { key: 'net', label: 'Net revenue', type: 'money' },
      { key: 'prior', label: 'Span before', type: 'money' },
      { key: 'change', label: 'Change', type: 'money', signed: true },
      { key: 'on_prior', label: 'Relative', type: 'change', polarity: 'up' },
      { key: 'units', label: 'Units', type: 'count' },
      { key: 'share', label: 'Share of orders', type: 'points' },
      { key: 'signal', label: 'Signal', type: 'text' },
    ],
    rows: [
      ...shown.map(orders),
      ...(others > 0
        ? [
            {
              brand: prose`All other brands (${format.count(others)})`,
              net: left.now,
              prior: left.prior,
              change: cents(left.now - left.prior),
              on_prior: change(left.now, left.prior),
              units: shop.now.units - units,
              share: null,
              signal: null,
            },
          ]
        : []),
    ],
    total: {
      brand: 'All brands',
      net: cents(shop.now.net),
      prior: cents(shop.prior.net),
      change: cents(shop.now.net - shop.prior.net),
      on_prior: change(shop.now.net, shop.prior.net),
      units: shop.now.units,
      share: null,
      signal: null,
    },
  });
}

function moves(a: Assortment, side: 'risen' | 'fallen'): Filled {
  const id = side;
  const { format, spans, shop, catalogue } = a;
  if (!spans.now || !spans.prior || !shop.now || !shop.prior) return { id, omitted: missingSpan(a) };
  const list = a.moves[side];
  if (list.length === 0) return { id, omitted: side === 'risen' ? 'no product gained net revenue' : 'no product lost net revenue' };
  const called = list.filter(({ isCalled }) => isCalled).length;
  const rest = restOf(list, { now: shop.now.net, prior: shop.prior.net });
  const others = Math.max(0, (catalogue?.products ?? list.length) - list.length);
  const sum = total(list, (move) => move.change);
  const units = { now: total(list, ({ product }) => product.units_13w), prior: total(list, ({ product }) => product.units_prior_13w) };
  return filled({
    id,
    title: prose`${called === 0 ? 'None' : format.count(called)} of the ${format.count(list.length)} products that ${side === 'risen' ? 'gained' : 'lost'} most moved beyond chance`,
    subtitle: prose`Net revenue, ${spans.now.words} against ${spans.prior.words}; together ${format.signed(cents(sum), 'money')}`,
    columns: [
      { key: 'product', label: 'Product', type: 'text' },
      { key: 'category', label: 'Category', type: 'text' },
      { key: 'net', label: 'Net revenue', type: 'money' },
      { key: 'prior', label: 'Span before', type: 'money' },
      { key: 'change', label: 'Change', type: 'money', signed: true },
      { key: 'units', label: 'Units', type: 'count' },
      { key: 'units_prior', label: 'Units before', type: 'count' },
      { key: 'signal', label: 'Against category', type: 'text' },
    ],
    rows: [
      ...list.map(
        (move): Row => ({
          product: nameOf(move.product),
          product_id: move.product.product_id,
          category: move.product.category,
          net: move.product.net_revenue_13w,
          prior: move.product.net_revenue_prior_13w,
          change: move.change,
          units: move.product.units_13w,
          units_prior: move.product.units_prior_13w,
          signal: signalOf(move),
        }),
      ),
      ...(others > 0 || rest.now !== 0 || rest.prior !== 0
        ? [
            {
              product: prose`All other products (${format.count(others)})`,
              product_id: null,
              category: null,
              net: rest.now,
              prior: rest.prior,
              change: rest.change,
              units: shop.now.units - units.now,
              units_prior: shop.prior.units - units.prior,
              signal: null,
            },
          ]
        : []),
    ],
    total: {
      product: 'All products',
      category: null,
      net: cents(shop.now.net),
      prior: cents(shop.prior.net),
      change: cents(shop.now.net - shop.prior.net),
      units: shop.now.units,
      units_prior: shop.prior.units,
      signal: null,
    },
    note: prose`Units are tested against the rest of the category from ${format.count(leastSold)} units on; ${format.count(shownProducts)} products at most are listed.`,
  });
}

function signalOf({ p, isCalled, isNew }: Move): string {
  const words = p === null ? 'too few units' : isCalled ? 'beyond chance' : 'within chance';
  return isNew ? `${words}, new` : words;
}

function returned(a: Assortment): Filled {
  const id = 'returned';
  const { format, returns } = a;
  const list = returns.products.slice(0, shownProducts);
  const tested = returns.testedProducts;
  if (tested === 0) return { id, omitted: prose`no product has ${format.count(leastDelivered.tested)} delivered pieces` };
  const called = returns.products.filter(({ isCalled }) => isCalled).length;
  return filled({
    id,
    title: prose`${sentence(someOf(format, called, tested))} products tested ${called === 1 ? 'comes' : 'come'} back more often than the rest of ${called === 1 ? 'its' : 'their'} category`,
    subtitle: prose`The ${format.count(list.length)} highest rates after drawing each to the mean of ${format.share(returns.shrinkage.products)} as far as chance explains the spread`,
    columns: [
      { key: 'product', label: 'Product', type: 'text' },
      { key: 'orders', label: 'Orders', type: 'text' },
      { key: 'delivered', label: 'Delivered', type: 'count' },
      { key: 'returned', label: 'Returned', type: 'count' },
      { key: 'rate', label: 'Rate', type: 'share' },
      { key: 'shrunk', label: 'Drawn to mean', type: 'share' },
      { key: 'low', label: 'From', type: 'share' },
      { key: 'high', label: 'To', type: 'share' },
      { key: 'rest', label: 'Rest of category', type: 'share' },
      { key: 'all', label: 'All time', type: 'share' },
      { key: 'signal', label: 'Signal', type: 'text' },
    ],
    rows: list.map(({ product, id: product_id, window, own, rate, shrunk, restRate, allRate, p, isCalled }) => ({
      product: nameOf(product!),
      product_id,
      orders: window === 'recent' ? 'of the span' : 'all',
      delivered: own.n,
      returned: own.successes,
      rate,
      shrunk: shrunk.value,
      low: shrunk.low,
      high: shrunk.high,
      rest: restRate,
      all: allRate,
      signal: p === null ? 'too few' : isCalled ? 'called' : 'within chance',
    })),
    note: prose`Products with fewer than ${format.count(leastDelivered.listed)} delivered pieces are not listed, with fewer than ${format.count(leastDelivered.tested)} not tested. Orders of the span where enough of them arrived, else all orders.`,
  });
}

function viewed(a: Assortment): Filled {
  const id = 'viewed';
  const { format, views, catalogue } = a;
  if (!a.has('events')) return { id, omitted: 'the data hold no visits' };
  if (views.lines.length === 0) return { id, omitted: prose`no product was seen in ${format.count(leastViews)} sessions` };
  const list = (views.called.length > 0 ? views.called : views.lines).slice(0, shownProducts);
  return filled({
    id,
    title:
      views.called.length > 0
        ? prose`${sentence(someOf(format, views.called.length, views.tested))} products ${views.called.length === 1 ? 'is' : 'are'} seen often and rarely bought`
        : prose`None of ${format.count(views.tested)} products is bought more rarely than chance would have it`,
    subtitle: prose`Sessions with a view that ended in a purchase, all time; the lowest ${format.count(list.length)} after drawing each to the mean. The shop: ${format.share(ratio(catalogue?.purchase_sessions, catalogue?.view_sessions))}`,
    columns: [
      { key: 'product', label: 'Product', type: 'text' },
      { key: 'category', label: 'Category', type: 'text' },
      { key: 'sessions', label: 'Sessions', type: 'count' },
      { key: 'purchases', label: 'Purchases', type: 'count' },
      { key: 'rate', label: 'Rate', type: 'share' },
      { key: 'shrunk', label: 'Drawn to mean', type: 'share' },
      { key: 'low', label: 'From', type: 'share' },
      { key: 'high', label: 'To', type: 'share' },
      { key: 'rest', label: 'Rest of category', type: 'share' },
      { key: 'signal', label: 'Signal', type: 'text' },
    ],
    rows: list.map(({ product, own, rate, restRate, shrunk, isCalled }) => ({
      product: nameOf(product),
      product_id: product.product_id,
      category: product.category,
      sessions: own.n,
      purchases: own.successes,
      rate,
      shrunk: shrunk.value,
      low: shrunk.low,
      high: shrunk.high,
      rest: restRate,
      signal: isCalled ? 'called' : 'within chance',
    })),
    note: prose`Products seen in fewer than ${format.count(leastViews)} sessions are not judged.`,
  });
}
