import type { Appraisal, AppraiseOptions, Offer } from './appraise.ts';
import type { Backend } from './backend.ts';
import { type Catalogue, checkCatalogue } from './catalogue.ts';
import { contentSpace } from './content.ts';
import { featuresOf, vocabularyOf } from './features.ts';
import { fitFilter } from './filters.ts';
import type { Index } from './index.ts';
import type { Interactions } from './interactions.ts';
import { recently } from './popularity.ts';
import { repeatProducts } from './repeat.ts';
import type { TextVectors } from './tower.ts';
import { train } from './train.ts';

/**
 * Products as their features.
 * @param text vectors of a text model, one a product; null without one.
 * @param names whether names count by their words besides such vectors, or the vectors stand in their place.
 */
export function offerOf(catalogue: Catalogue, text: TextVectors | null = null, names: 'beside' | 'replaced' = 'beside'): Offer {
  const products = checkCatalogue(catalogue).ids.length;
  if (text && text.values.length !== products * text.width) {
    throw new RangeError(`text: expected ${products} vectors of ${text.width} numbers, found ${text.values.length} numbers`);
  }
  const read = text && names === 'replaced' ? { ...catalogue, names: catalogue.names.map(() => '') } : catalogue;
  const vocabulary = vocabularyOf(read);
  return { vocabulary, content: { products, features: featuresOf(vocabulary, read), text } };
}

export interface BuildInput {
  catalogue: Catalogue;
  data: Interactions;
  offer: Offer;
  appraisal: Pick<Appraisal, 'served' | 'plan'>;
  /** First day after the data, from which ages are counted: days since 1970-01-01. */
  now: number;
  /** 1 for products that are offered; all of them unless given. */
  isOffered?: Uint8Array;
}

/** Fits what the appraisal decided on to all data up to `now`, and nothing else. */
export async function buildIndex(input: BuildInput, options: AppraiseOptions, backend: Backend): Promise<Index> {
  const { catalogue, data, offer, now } = input;
  const { served, plan } = input.appraisal;
  const { histories, products } = data;
  const { isRepeat } = repeatProducts(histories, products, options.repeat);
  const needsTowers = served === 'embedding' || served === 'blend';
  const filter = served === 'blend' ? plan!.partner : served === 'item-item' || served === 'ease' ? served : null;
  const training = { ...options.training, epochs: plan?.passes ?? 1 };
  const trained = needsTowers ? await train({ histories, now, ...offer, seed: options.seed }, training, backend) : null;
  return {
    served,
    share: served === 'blend' ? plan!.share : 0,
    taste: options.training.taste,
    now,
    backend: `${backend.name} ${backend.version}`,
    catalogue,
    isOffered: input.isOffered ?? new Uint8Array(products).fill(1),
    isRepeat,
    popularity: recently(histories, products, now, options.recent),
    content: contentSpace(offer.content, options.contentDimensions, options.seed, backend.multiply),
    vocabulary: offer.vocabulary,
    towers: trained?.towers ?? null,
    neighbours: filter ? fitFilter(filter, histories, isRepeat, products, options, backend) : null,
    customers: data.customers,
    histories,
  };
}
