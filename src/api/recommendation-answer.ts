import { z } from 'zod';
import { maxK } from '#recommender/recommender.ts';
import { runOnWire, runSchema } from './answer.ts';
import type { Offers } from './offers.ts';
import type { Product } from './products.ts';
import type { Fallback } from './question.ts';
import { type Recommended, servedWords } from './recommendation.ts';

const place = z
  .strictObject({ country: z.string().nullable(), region: z.string().nullable() })
  .describe('A region, a country (no region) or the whole shop (neither)');

const product = {
  product_id: z.string(),
  name: z.string().nullable(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  price: z.number().min(0).nullable().describe("In the shop's currency"),
};

export const reasonSchema = z
  .strictObject({
    kind: z
      .enum(['also-bought', 'similar', 'again', 'popular'])
      .describe(
        'also-bought: customers of another product buy it more than chance would have it; similar: it resembles another; again: it was bought before, and is a product that is bought again; popular: many buy it',
      ),
    product: z.strictObject({ product_id: z.string(), name: z.string().nullable() }).nullable().describe('The product that speaks for it'),
    deed: z
      .enum(['view', 'cart', 'purchase'])
      .nullable()
      .describe('What the customer did with that product; null where it was only asked about'),
    shared: z.array(z.enum(['name', 'category', 'brand', 'price'])).describe('What the two have in common, if it can be named'),
    place: place.nullable().describe('Where it is popular'),
    words: z.string().describe('The same in words'),
  })
  .describe('Why a product is recommended.');

export const recommendedSchema = z
  .strictObject({
    rank: z.int().positive(),
    ...product,
    score: z
      .number()
      .describe(
        'Compares within one list only. Of a popular product: customers who bought it there within ninety days, 0 where that is not known; of a similar one the cosine',
      ),
    reason: reasonSchema,
  })
  .describe('A product and why it is recommended.');

export const judgementSchema = z
  .strictObject({
    verdict: z.enum(['beats-popularity', 'within-noise', 'too-little-data']),
    baseline: z.enum(['popular', 'recent']).nullable().describe('The popularity to beat: of all time, or of the last weeks'),
    gain: z
      .strictObject({ value: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe(
        'Recall@20 of the best personal recommender minus that of the baseline, with its 95% interval; null where nothing was judged',
      ),
    customers: z.int().min(0).describe('Customers it was judged on'),
    words: z.string().describe('The same in words'),
  })
  .describe("How the recommender was judged against popularity, on the shop's own holdout.");

const basis = {
  run: runSchema,
  served: z.enum(['embedding', 'blend', 'item-item', 'ease', 'content']).describe('What recommends where something is known; see fallback'),
  served_name: z.string().describe("As it is called: 'similarity of content' where nothing beat popularity"),
  judgement: judgementSchema,
  currency: z.string().describe('ISO 4217'),
  k: z.int().min(1).max(maxK),
};

const note = z.string().nullable().describe('Why there are fewer than k; null for a full list');

export const recommendationsSchema = z
  .strictObject({
    ...basis,
    fallback: z
      .strictObject({
        why: z.enum(['unknown-customer', 'no-history', 'unknown-products', 'empty-basket']),
        place: place.describe('Where its products are popular before all'),
        words: z.string().describe('The same in words'),
      })
      .nullable()
      .describe('Set where the list is what many buy, and not made for whom it was asked'),
    unknown: z.array(z.string()).describe('Products asked about that the run does not know'),
    recommendations: z.array(recommendedSchema).describe('Best first'),
    note,
  })
  .describe('What to offer.');

export const similarSchema = z
  .strictObject({
    ...basis,
    space: z.enum(['embedding', 'content']).describe('By what they are similar: the trained embedding, or content alone'),
    product: z.strictObject(product).describe('The product asked about'),
    similar: z.array(recommendedSchema).describe('Most similar first'),
    note,
  })
  .describe('Products most similar to one.');

export function basisOnWire({ reference, served, judgement, shop }: Offers, k: number) {
  return { run: runOnWire(reference), served, served_name: servedWords(served), judgement, currency: shop.currency, k };
}

export function fallbackOnWire(fallback: Fallback | null): z.infer<typeof recommendationsSchema>['fallback'] {
  return fallback && { why: fallback.why, place: fallback.place, words: fallback.words };
}

export function productOnWire({ productId, name, brand, category, price }: Product) {
  return { product_id: productId, name, brand, category, price };
}

export function recommendedOnWire(list: readonly Recommended[]): z.infer<typeof recommendedSchema>[] {
  return list.map((one, i) => {
    const { kind, product: other, deed, shared, place: where, words } = one.reason;
    const because = other && { product_id: other.productId, name: other.name };
    const reason = { kind, product: because, deed, shared: [...shared], place: where, words };
    return { rank: i + 1, ...productOnWire(one), score: one.score, reason };
  });
}
