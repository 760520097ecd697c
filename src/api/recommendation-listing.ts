import { formatter } from '#contract/format.ts';
import type { Row } from '#contract/row.ts';
import { csv } from '#report/csv.ts';
import type { RecommendAnswer, SimilarAnswer } from './recommend.ts';
import type { Recommended } from './recommendation.ts';
import { alignedLines, shown, type TerminalColumn } from './terminal.ts';

type Either = RecommendAnswer | SimilarAnswer;

const listOf = (answer: Either): Recommended[] => ('similar' in answer ? answer.similar : answer.recommendations);

/** The answer as JSON, every digit of it. */
export function recommendationJson(answer: Either): string {
  return `${JSON.stringify(answer, null, 2)}\n`;
}

const csvColumns = [
  'rank',
  'product_id',
  'name',
  'brand',
  'category',
  'price',
  'score',
  'reason',
  'because_product_id',
  'words',
  'served',
  'verdict',
  'fallback',
  'currency',
  'as_of',
  'run',
] as const;

/** RFC 4180, one line a product; text that a spreadsheet would run as a formula is disarmed. */
export function recommendationCsv(answer: Either): string {
  const { served, judgement, shop, run } = answer;
  const rows = listOf(answer).map((one, i): Row & Record<(typeof csvColumns)[number], Row[string]> => ({
    rank: i + 1,
    product_id: one.productId,
    name: one.name,
    brand: one.brand,
    category: one.category,
    price: one.price,
    score: one.score,
    reason: one.reason.kind,
    because_product_id: one.reason.product?.productId ?? null,
    words: one.reason.words,
    served,
    verdict: judgement.verdict,
    fallback: 'fallback' in answer ? (answer.fallback?.why ?? null) : null,
    currency: shop.currency,
    as_of: run.asOf,
    run: run.run,
  }));
  return csv(
    csvColumns.map((key) => ({ key, label: key })),
    rows,
  );
}

/** For people at a terminal: aligned columns, money and dates as the shop writes them. */
export function recommendationTable(answer: Either): string {
  const { shop, run, servedName, judgement, note } = answer;
  const format = formatter(shop);
  const columns: TerminalColumn<Recommended>[] = [
    { head: '', isNumber: true, cell: (_, i) => `${i + 1}` },
    { head: 'product', isNumber: false, cell: ({ productId }) => productId },
    { head: 'name', isNumber: false, cell: ({ name }) => cut(name ?? '') },
    { head: 'category', isNumber: false, cell: ({ category }) => category ?? '' },
    { head: 'price', isNumber: true, cell: ({ price }) => format.money(price) },
    { head: 'why', isNumber: false, cell: ({ reason }) => shortWords(reason) },
  ];
  const list = listOf(answer);
  const about =
    'similar' in answer
      ? `similar to ${shown(cut(answer.product.name ?? answer.product.productId))} by ${answer.space}`
      : (answer.fallback?.words ?? servedName);
  const source = `as of ${format.date(run.asOf)}, run ${run.run.slice(0, 12)}, manifest ${run.manifest.slice(0, 12)}`;
  const lines = list.length > 0 ? alignedLines(columns, list) : ['nothing'];
  return [
    `${shown(shop.name)}: ${shown(about)}`,
    source,
    `judged: ${judgement.words}`,
    '',
    ...lines,
    ...(note === null ? [] : ['', note]),
    '',
  ].join('\n');
}

/** The words with a long name of a product cut, so that what follows it can be read. */
function shortWords({ words, product }: Recommended['reason']): string {
  return product?.name ? words.replace(product.name, () => cut(product.name as string, 32)) : words;
}

function cut(text: string, most = 40): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
