import type { Formatter } from '#contract/format.ts';
import { listed, prose } from '#contract/prose.ts';
import type { Estimate } from '#stats/estimate.ts';
import type { Factor, Newcomer } from './newcomer.ts';

/** '€8,412 (€7,030 to €9,920)'. */
export function withRange(format: Formatter, { value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): string {
  return prose`${format.money(value)} (${format.money(low)} to ${format.money(high)})`;
}

const short: Record<Factor, string> = { frequency: 'orders', spend: 'spend', recency: 'recent' };

/** The same text on one line: a number stays with its word in a narrow column. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** Why a customer is on the list, strongest first: 'orders 3.4 ×, spend 1.3 ×'. */
export function reasonWords(format: Formatter, { reasons, times, x }: Newcomer): string {
  if (reasons.length === 0) return 'near the average';
  return reasons
    .map((factor) => unbroken(prose`${factor === 'frequency' && x === 0 ? 'just won' : short[factor]} ${format.ratio(times[factor])} ×`))
    .join(', ');
}

const long: Record<Factor, string> = {
  frequency: 'how often they order',
  spend: 'what they spend an order',
  recency: 'how recently they ordered',
};

/** 'for how often they order (46) and what they spend an order (21)': how many of the list each reason put there. */
export function reasonCounts(format: Formatter, list: readonly Newcomer[]): string {
  const counts = (Object.keys(long) as Factor[])
    .map((factor) => ({ factor, n: list.filter(({ reasons }) => reasons.includes(factor)).length }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n);
  return listed(counts.map(({ factor, n }) => prose`${long[factor]} (${format.count(n)})`));
}
