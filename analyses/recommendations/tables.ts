import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Column, Table } from '#contract/table.ts';
import { recallAt } from '#recommender/evaluate.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import type { Study } from './study.ts';
import { candidateName, candidateWords, dayText, nameOf, reasonWords, unjudged, windowSpan } from './words.ts';

/** Customers who bought a product that nobody had bought before, below which its recall isn't printed. */
const leastCold = 30;
const sellersShown = 6;
const neighboursShown = 3;

export function recommendationTables(study: Study): { tables: Table[]; omitted: Record<string, string> } {
  const tables: Table[] = [];
  const omitted: Record<string, string> = {};
  const made: Record<string, Table | string> = {
    recommenders: recommenders(study),
    neighbours: neighbours(study),
    newest: newest(study),
    history: history(study),
    offers: offers(study),
  };
  for (const [id, one] of Object.entries(made)) {
    if (typeof one === 'string') omitted[id] = one;
    else tables.push(one);
  }
  return { tables, omitted };
}

const text = (key: string, label: string): Column => ({ key, label, type: 'text' });

function recommenders(study: Study): Table | string {
  const { format, appraisal, baseline, isStopped } = study;
  const { results, test, plan, verdict } = appraisal;
  if (!test || !baseline || results.length === 0) return unjudged(study);
  const cold = results[0]?.coldProducts?.n ?? 0;
  const points = (value: number) => format.points(value).replace(/ pt$/, '');
  const between = (estimate: Estimate | null, show: (value: number) => string) =>
    estimate === null ? null : prose`${show(estimate.low)} to ${show(estimate.high)}`;
  const rows = results
    .toSorted((a, b) => (b.recall?.value ?? 0) - (a.recall?.value ?? 0))
    .map(
      ({ id, recall, ndcg, gain, coldProducts, coverage, novelty }): Row => ({
        recommender: id === appraisal.served ? prose`${candidateName(id, study)} (served)` : candidateName(id, study),
        ...{ recall: recall?.value ?? null, ndcg: ndcg?.value ?? null, gain: id === baseline.id ? null : (gain?.value ?? null) },
        gain_between: id === baseline.id ? 'the measure' : between(gain, points),
        ...(cold < leastCold ? {} : { cold: coldProducts?.value ?? null }),
        ...{ coverage, novelty },
      }),
    );
  const stopped = isStopped
    ? prose`EASE, further passes of the embedding and a blend were not trained: on the weeks before, not even the upper end of what the cheap ones add came near.`
    : '';
  return {
    id: 'recommenders',
    title:
      verdict === 'beats-popularity'
        ? prose`${candidateName(appraisal.served, study)} is served: it beats best sellers beyond noise`
        : prose`Similarity of content is served, as no list learned from purchases beats best sellers beyond noise`,
    subtitle: prose`Lists of ${format.count(recallAt)} over the whole catalogue made on ${format.date(dayText(test.from - 1))}, judged by what ${counted(format, test.customers, 'customer')} bought from ${windowSpan(study, test)}.`,
    columns: [
      text('recommender', 'Recommender'),
      { key: 'recall', label: 'Recall', type: 'share' },
      { key: 'ndcg', label: 'NDCG', type: 'ratio' },
      { key: 'gain', label: 'Over best sellers', type: 'points', polarity: 'up' },
      text('gain_between', 'interval, points'),
      ...(cold < leastCold ? [] : [{ key: 'cold', label: 'New products', type: 'share' } as const]),
      { key: 'coverage', label: 'Coverage', type: 'share' },
      { key: 'novelty', label: 'Novelty, bits', type: 'ratio' },
    ],
    rows,
    note: [
      prose`Recall: part of what a customer bought that stood on the list; NDCG of the first half of it; intervals ${percent(format, defaultLevel)}, by resampling customers.`,
      cold < leastCold
        ? ''
        : prose`New products: recall of what nobody had bought before, by the ${format.count(cold)} customers who bought such a product.`,
      prose`Coverage: part of the catalogue on somebody’s list. Novelty: how little known the listed products are.`,
      plan && !isStopped ? prose`Chosen on the weeks before: ${candidateName(plan.chosen, study)}.` : '',
      stopped,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

function neighbours(study: Study): Table | string {
  const { format, sellers, recommend, input, textModel, index } = study;
  const rows = sellers.slice(0, sellersShown).flatMap((seller): Row[] =>
    (recommend.similar(input.catalogue.ids[seller]!, neighboursShown) ?? []).map(({ product, similarity }, rank) => ({
      seller: rank === 0 ? nameOf(study, seller, 42) : '',
      ...{ similar: nameOf(study, product, 50), price: input.products[product]!.price, similarity },
    })),
  );
  if (rows.length === 0) return 'no product that was sold has a neighbour';
  const judge = index.towers
    ? 'by the served vectors, which customers’ purchases and the texts have shaped'
    : textModel
      ? prose`by text, brand, category and price, and the vectors of ${productName(textModel, 40)}`
      : 'by text, brand, category and price alone';
  return {
    id: 'neighbours',
    title: prose`What stands nearest to the ${format.word(Math.min(sellersShown, sellers.length))} best sellers`,
    subtitle: prose`Similarity ${judge}; cosine, one at most. Best sellers by customers.`,
    columns: [
      text('seller', 'Best seller'),
      text('similar', 'Nearest'),
      { key: 'price', label: 'Price', type: 'money' },
      { key: 'similarity', label: 'Similarity', type: 'ratio' },
    ],
    rows,
    note: 'Left out: what is not offered, and what by its name is the same product in another colour or size.',
  };
}

function newest(study: Study): Table | string {
  const { format, input, audience } = study;
  const { products, k, asked, customers } = audience;
  if (products.length === 0) return 'no product on offer was first seen within a year, after the shop’s own beginning';
  const rows = products.map(({ product, lists }): Row => {
    const { first_day, category, price } = input.products[product]!;
    return {
      ...{ product: nameOf(study, product), category: productName(category, 30), seen: dayText(first_day), price },
      ...{ sold: input.products[product]!.customers, lists },
    };
  });
  const first = rows.toSorted((a, b) => Number(b.lists) - Number(a.lists))[0]!;
  return {
    id: 'newest',
    title:
      Number(first.lists) === 0
        ? prose`None of the newest products stands in a list yet`
        : prose`${String(first.product)} stands in the lists of ${counted(format, Number(first.lists), 'customer')}, the most of the newest products`,
    subtitle: prose`The newest ${counted(format, products.length, 'product')} on offer, and in how many customers’ lists of ${format.count(k)} each stands.`,
    columns: [
      text('product', 'Product'),
      text('category', 'Category'),
      { key: 'seen', label: 'First seen', type: 'date' },
      { key: 'price', label: 'Price', type: 'money' },
      { key: 'sold', label: 'Bought by', type: 'count' },
      { key: 'lists', label: 'In lists of', type: 'count' },
    ],
    rows,
    note:
      asked < customers
        ? prose`Lists were made for ${format.count(asked)} of ${format.count(customers)} customers with a history, evenly spread over their ids.`
        : prose`Lists of all ${format.count(customers)} customers with a history.`,
  };
}

const done = { view: 'viewed', cart: 'put into the cart', purchase: 'bought' } as const;

function history(study: Study): Table | string {
  const { example, input, format } = study;
  if (!example) return 'no customer with three to eight products';
  return {
    id: 'history',
    title: prose`Customer ${productName(example.customer, 40)}: what is known`,
    subtitle: prose`Newest first${example.more > 0 ? prose`; ${format.count(example.more)} older ${example.more === 1 ? 'entry is' : 'entries are'} left out` : ''}.`,
    columns: [
      { key: 'day', label: 'Day', type: 'date' },
      text('did', 'What'),
      text('product', 'Product'),
      text('category', 'Category'),
      { key: 'price', label: 'Price', type: 'money' },
    ],
    rows: example.history.map(({ product, day, kind }) => ({
      ...{ day: dayText(day), did: done[kind], product: nameOf(study, product) },
      ...{ category: productName(input.catalogue.categories[product] ?? null, 30), price: input.products[product]!.price },
    })),
  };
}

function offers(study: Study): Table | string {
  const { example, input, index, appraisal, format } = study;
  if (!example) return 'no customer with three to eight products';
  if (example.answer.list.length === 0) return 'nothing is left that may be offered to the example customer';
  const basis = candidateWords(appraisal.served, study);
  return {
    id: 'offers',
    title: prose`Customer ${productName(example.customer, 40)}: what would be offered`,
    subtitle: prose`${sentence(counted(format, example.answer.list.length, 'product'))} by ${basis}, best first; nothing bought before, at most half from one category, one of each product’s colours and sizes.`,
    columns: [
      text('product', 'Product'),
      text('category', 'Category'),
      { key: 'price', label: 'Price', type: 'money' },
      text('why', 'Why'),
    ],
    rows: example.answer.list.map(({ product, reason }) => ({
      ...{ product: nameOf(study, product), category: productName(input.catalogue.categories[product] ?? null, 30) },
      ...{ price: input.products[product]!.price, why: reasonWords(study, index, reason) },
    })),
  };
}
