import { listed, prose } from '#contract/prose.ts';
import type { Candidate } from '#recommender/appraise.ts';
import type { Index } from '#recommender/index.ts';
import type { Reason, Shared } from '#recommender/reason.ts';
import { productName } from '../shared/product-name.ts';
import type { Study } from './study.ts';

const plain: Record<Exclude<Candidate, 'blend'>, string> = {
  popular: 'Best sellers ever',
  recent: 'Recent best sellers',
  again: 'Own history again',
  content: 'Similarity of content',
  'item-item': 'Item-item filter',
  ease: 'EASE filter',
  embedding: 'Embedding',
};

/** What a candidate is called on the pages. */
export function candidateName(id: Candidate, { appraisal }: Pick<Study, 'appraisal'>): string {
  if (id !== 'blend') return plain[id];
  return appraisal.plan?.partner === 'ease' ? 'Embedding with EASE' : 'Embedding with items';
}

/** The same inside a sentence. */
export function candidateWords(id: Candidate, study: Pick<Study, 'appraisal'>): string {
  const name = candidateName(id, study);
  return name.startsWith('EASE') ? name : name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** A share in words that still tell small ones apart: '26.3%', '1.5 in a thousand'. */
export function partWords({ format }: Pick<Study, 'format'>, share: number): string {
  return share > 0 && share < small ? prose`${format.ratio(share * 1000)} in a thousand` : format.share(share);
}

const small = 0.01;

/** Name of a product for a cell or a sentence. */
export function nameOf({ input }: Pick<Study, 'input'>, product: number, most = 48): string {
  return productName(input.products[product]?.name ?? null, most);
}

const sharedWords: Record<Shared, string> = { name: 'name', category: 'category', brand: 'brand', price: 'price' };

/** Why a product is offered, to stand in a cell. */
export function reasonWords(study: Pick<Study, 'input'>, { towers }: Pick<Index, 'towers'>, reason: Reason): string {
  if (reason.kind === 'popular') return 'Best seller';
  if (reason.kind === 'again') return 'Bought before, and a product that is bought again';
  const because = nameOf(study, reason.because, 34);
  if (reason.kind === 'also-bought') return prose`Customers of ${because} also buy it`;
  const shared = reason.shared.map((one) => sharedWords[one]);
  if (shared.length > 0) return prose`Like ${because}: similar ${listed(shared)}`;
  return towers ? prose`Goes with ${because} by what customers buy` : prose`Resembles ${because}`;
}

/** '20 September to 15 November 2026': the days of a window. */
export function windowSpan({ format }: Pick<Study, 'format'>, { from, to }: { from: number; to: number }): string {
  return format.span(dayText(from), dayText(to - 1));
}

/** 'YYYY-MM-DD' of days since 1970-01-01. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Why nothing was judged, as a sentence without its full stop. */
export function unjudged({ appraisal, input }: Pick<Study, 'appraisal' | 'input'>): string {
  if (input.products.length === 0) return 'there are no products';
  if (input.data.customers.length === 0) return 'no identified customer has bought or viewed a product';
  return appraisal.test === null
    ? 'the data are too short for a holdout'
    : 'too few customers with a history bought something new in the weeks held out';
}
