import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type Index, readIndex, type Served } from '#recommender/index.ts';
import type { PublishedRun } from '#run/artifacts.ts';
import { intact, type RunReference, read, referenceTo, type ShopWords, shopOf, tableReader } from './artifact-file.ts';
import { type Judgement, parseJudgement } from './judgement.ts';
import { type Places, readPlaces, shopAlone } from './places.ts';
import { type Products, productsOf } from './products.ts';
import { type Residents, readResidents } from './residents.ts';

/** Artifacts without which a run can't recommend. */
export const neededToRecommend = ['recommendations/index', 'recommendations/card'] as const;

/**
 * A run's recommender as it is served: plain data on shared memory. What an index of 29,000 products and 100,000 customers takes is told by
 * its file, about 40 MB; customers who aren't in it take about 30 bytes each and 9 an entry of their history: 100 MB a million with eight.
 */
export interface Offers {
  reference: RunReference;
  shop: ShopWords;
  /** What recommends. */
  served: Served;
  /** By what products are called similar. */
  space: 'embedding' | 'content';
  judgement: Judgement;
  /** The index as its file has it. */
  bytes: Uint8Array;
  /** Where the histories of the index begin, by position. */
  offsets: Int32Array;
  products: Products;
  residents: Residents;
  places: Places;
}

/**
 * Reads what a published run keeps for recommending, and checks that it is what its manifest says.
 * @returns besides, the index, ready to be used.
 * @throws LookbookError (source) that names the file which is missing, changed or not of the expected form.
 */
export async function loadOffers(run: PublishedRun): Promise<{ offers: Offers; index: Index }> {
  const own = async (name: string) => (run.artifacts[`recommendations/${name}`] ? intact(run, `recommendations/${name}`) : null);
  const [indexFile, cardFile] = await Promise.all(neededToRecommend.map((name) => intact(run, name)));
  const [shop, customers, histories, popular] = await Promise.all([shopOf(run), own('customers'), own('histories'), own('popular')]);
  const { bytes, index } = await read(indexFile as string, 'an index of recommendations', (file) => {
    const held = sharedBytes(file);
    return { bytes: held, index: readIndex(held) };
  });
  const judgement = await read(cardFile as string, 'a verdict on the recommender', (file) =>
    parseJudgement(JSON.parse(readFileSync(file, 'utf8'))),
  );
  const products = productsOf(index);
  await using engine = await tableReader();
  const places =
    popular === null ? shopAlone() : await read(popular, 'what is popular where', (file) => readPlaces(engine, file, products.ids));
  const residents = await read((customers ?? histories ?? indexFile) as string, 'tables of customers and what they did', () =>
    readResidents(engine, { customers, histories }, index.customers, products.ids, places),
  );
  const offers: Offers = {
    ...{ reference: referenceTo(run), shop, served: index.served, space: index.towers ? 'embedding' : 'content', judgement },
    ...{ bytes, offsets: index.histories.offsets, products, residents, places },
  };
  return { offers, index };
}

function sharedBytes(file: string): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const { size: length } = fstatSync(handle);
    const bytes = new Uint8Array(new SharedArrayBuffer(length));
    for (let at = 0; at < length; ) {
      const got = readSync(handle, bytes, at, length - at, at);
      if (got === 0) throw new RangeError(`${at} bytes of ${length}`);
      at += got;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}
