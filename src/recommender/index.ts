import type { Catalogue } from './catalogue.ts';
import type { ContentVectors } from './content.ts';
import type { Vocabulary } from './features.ts';
import { DamagedIndexError, pack, type Section, unpack } from './index-file.ts';
import type { Histories } from './interactions.ts';
import type { Neighbours } from './item-item.ts';
import type { Taste } from './taste.ts';
import type { ContentWeights } from './tower.ts';
import type { Towers } from './train.ts';

/** What recommends: one that beat popularity on the shop's own holdout, or likeness of content where none did. */
export type Served = 'embedding' | 'blend' | 'item-item' | 'ease' | 'content';

/** All that is needed to recommend without fitting anything again. */
export interface Index {
  served: Served;
  /** Share of the neighbourhood in a blend, 0 to 1. */
  share: number;
  taste: Taste;
  /** The day on which histories are weighed: the first after the data, days since 1970-01-01. */
  now: number;
  /** Which backend trained it. */
  backend: string;
  catalogue: Catalogue;
  /** 1 for products that are offered: the others stand in histories only. */
  isOffered: Uint8Array;
  /** 1 for products that are bought again. */
  isRepeat: Uint8Array;
  /** Customers who bought each product lately: the order for those of whom nothing is known. */
  popularity: Float32Array;
  content: ContentVectors;
  vocabulary: Vocabulary;
  /** Where the embedding or a blend is served. */
  towers: Towers | null;
  /** Where a collaborative filter or a blend is served. */
  neighbours: Neighbours | null;
  /** Ascending ids and what each did. */
  customers: readonly string[];
  histories: Histories;
}

interface Head {
  served: Served;
  share: number;
  taste: Taste;
  now: number;
  backend: string;
  products: number;
  dimensions: number;
  contentDimensions: number;
  ids: readonly string[];
  names: readonly string[];
  brands: readonly (string | null)[];
  categories: readonly (string | null)[];
  customers: readonly string[];
}

/** The index as bytes: the same index, the same bytes. */
export function writeIndex(index: Index): Uint8Array {
  const { catalogue, content, vocabulary, towers, neighbours, histories } = index;
  const head: Head = {
    served: index.served,
    share: index.share,
    taste: index.taste,
    now: index.now,
    backend: index.backend,
    products: catalogue.ids.length,
    dimensions: towers?.dimensions ?? 0,
    contentDimensions: content.dimensions,
    ids: catalogue.ids,
    names: catalogue.names,
    brands: catalogue.brands,
    categories: catalogue.categories,
    customers: index.customers,
  };
  const sections: Record<string, Section> = {
    prices: catalogue.prices,
    isOffered: index.isOffered,
    isRepeat: index.isRepeat,
    popularity: index.popularity,
    content: content.values,
    buckets: vocabulary.bucket,
    idf: vocabulary.idf,
    priceKnots: vocabulary.prices,
    historyOffsets: histories.offsets,
    historyProduct: histories.product,
    historyDay: histories.day,
    historyKind: histories.kind,
  };
  if (towers) {
    const { input, output, bias, constant } = towers;
    Object.assign(sections, { input, output, bias, constant, featureWeights: towers.content.features, textWeights: towers.content.text });
  }
  if (neighbours) {
    const { offsets, product, similarity } = neighbours;
    Object.assign(sections, { neighbourOffsets: offsets, neighbourProduct: product, neighbourSimilarity: similarity });
  }
  return pack({ head, sections });
}

/** @throws DamagedIndexError for bytes that aren't what `writeIndex` gave. */
export function readIndex(bytes: Uint8Array): Index {
  const { head: given, sections } = unpack(bytes);
  const head = given as Head;
  const get = <T extends Section>(name: string): T => {
    const section = sections[name];
    if (!section) throw new DamagedIndexError('contents', `no section ${name}`);
    return section as T;
  };
  const { products, dimensions } = head;
  const weights = (): ContentWeights => ({ dimensions, features: get('featureWeights'), text: get('textWeights') });
  const index: Index = {
    served: head.served,
    share: head.share,
    taste: head.taste,
    now: head.now,
    backend: head.backend,
    catalogue: { ids: head.ids, names: head.names, brands: head.brands, categories: head.categories, prices: get('prices') },
    isOffered: get('isOffered'),
    isRepeat: get('isRepeat'),
    popularity: get('popularity'),
    content: { dimensions: head.contentDimensions, values: get('content') },
    vocabulary: { bucket: get('buckets'), idf: get('idf'), prices: get('priceKnots') },
    towers: sections.input
      ? {
          ...{ dimensions, products, input: get('input'), output: get('output'), bias: get('bias'), constant: get('constant') },
          content: weights(),
        }
      : null,
    neighbours: sections.neighbourOffsets
      ? { offsets: get('neighbourOffsets'), product: get('neighbourProduct'), similarity: get('neighbourSimilarity') }
      : null,
    customers: head.customers,
    histories: { offsets: get('historyOffsets'), product: get('historyProduct'), day: get('historyDay'), kind: get('historyKind') },
  };
  const isSound =
    index.popularity.length === products &&
    index.content.values.length === products * head.contentDimensions &&
    (!index.towers || index.towers.output.length === products * dimensions) &&
    index.histories.offsets.length === head.customers.length + 1;
  if (!isSound) throw new DamagedIndexError('contents', 'sections that do not fit together');
  return index;
}
