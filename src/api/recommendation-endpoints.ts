import { z } from 'zod';
import { maxK } from '#recommender/recommender.ts';
import { runOnWire } from './answer.ts';
import { type Answer, defineEndpoint, idText, wholeNumber } from './endpoint.ts';
import { rowOf } from './id-index.ts';
import { offersOf } from './keeper.ts';
import type { Listed } from './listed.ts';
import { type ServedOffers, usualK } from './offers-keeper.ts';
import { Problem } from './problem.ts';
import { productAt } from './products.ts';
import { type Question, questionOfBasket, questionOfCustomer, shortfall } from './question.ts';
import { recommendedOf } from './recommendation.ts';
import {
  basisOnWire,
  fallbackOnWire,
  productOnWire,
  recommendationsSchema,
  recommendedOnWire,
  similarSchema,
} from './recommendation-answer.ts';

const mostExcluded = 500;
const mostInBasket = 200;

const k = wholeNumber(1, maxK, usualK, 'Products at most');
const productId = idText('Product id as the reports print it, percent-encoded');
const excludeMessage = `ids with commas between them, at most ${mostExcluded}, each of 1 to 256 characters without control characters`;
const exclude = z
  .string({ error: excludeMessage })
  .max(2048, excludeMessage)
  .regex(/^\P{Cc}*$/u, excludeMessage)
  .optional()
  .describe('Ids of products to leave out, with commas between them; unknown ones are passed over');

const idList = (most: number, text: string) =>
  z
    .array(
      z
        .string()
        .min(1)
        .max(256)
        .regex(/^\P{Cc}*$/u, 'an id without control characters'),
    )
    .max(most)
    .describe(text);

const never =
  'Never recommended are what was bought (unless it is a product that is bought again), what is out of the catalogue, what is excluded, and two variants of one product.';

export const customerRecommendations = defineEndpoint({
  method: 'GET',
  path: '/v1/customers/{id}/recommendations',
  id: 'customerRecommendations',
  summary: 'What to offer a customer',
  description: `Products by what the customer bought, put into the cart and viewed. A customer without a history gets what is popular where they live, then in their country, then in the shop, an unknown one what is popular in the shop; fallback says so. ${never}`,
  isGuarded: true,
  params: z.strictObject({ id: idText('Customer id as the reports print it, percent-encoded') }),
  query: z.strictObject({ k, exclude }),
  answer: { type: 'application/json', schema: recommendationsSchema },
  problems: ['no-run', 'busy'],
  handle({ params, query, keeper }) {
    const served = offersOf(keeper);
    const left = (query.exclude ?? '').split(',').filter((id) => id !== '');
    const question = questionOfCustomer(served.loaded.offers, params.id, { k: query.k, exclude: left });
    return answered(served, { ...question, unknown: [] }, 'customer');
  },
});

export const basketRecommendations = defineEndpoint({
  method: 'POST',
  path: '/v1/recommendations',
  id: 'basketRecommendations',
  summary: 'What goes with a basket',
  description: `Products by those of the basket, as if they had been bought together today. Where none of them is known, or none is named, what is popular in the shop; fallback says so. ${never}`,
  isGuarded: true,
  body: z.strictObject({
    product_ids: idList(mostInBasket, 'Ids of the products of the basket'),
    k: z.int().min(1).max(maxK).default(usualK).describe('Products at most'),
    exclude: idList(mostExcluded, 'Ids of products to leave out besides; unknown ones are passed over').default([]),
  }),
  example: { product_ids: ['17', '204'], k: 5, exclude: ['33'] },
  answer: { type: 'application/json', schema: recommendationsSchema },
  problems: ['no-run', 'busy'],
  handle({ body, keeper }) {
    const served = offersOf(keeper);
    return answered(served, questionOfBasket(served.loaded.offers, body.product_ids, body), 'basket');
  },
});

export const similar = defineEndpoint({
  method: 'GET',
  path: '/v1/products/{id}/similar',
  id: 'similarProducts',
  summary: 'Products most similar to one',
  description:
    'By the trained embedding where that is served, else by content alone. None is out of the catalogue, or a variant of it or of another.',
  isGuarded: true,
  params: z.strictObject({ id: productId }),
  query: z.strictObject({ k }),
  answer: { type: 'application/json', schema: similarSchema },
  problems: ['unknown-product', 'no-run', 'busy'],
  handle({ params, query, keeper }) {
    const served = offersOf(keeper);
    const { offers } = served.loaded;
    const run = runOnWire(offers.reference);
    const product = rowOf(offers.products.ids, params.id);
    if (product < 0) throw new Problem('unknown-product', '', { run });
    return then(served.list({ kind: 'similar', product, k: query.k }), (listed) => {
      const found = recommendedOnWire(recommendedOf(offers, listed, 'similar'));
      const body: z.infer<typeof similarSchema> = {
        ...basisOnWire(offers, query.k),
        space: offers.space,
        product: productOnWire(productAt(offers.products, product)),
        similar: found,
        note: shortfall(found.length, query.k),
      };
      return { body: JSON.stringify(body), run };
    });
  },
});

function answered(served: ServedOffers, { wish, fallback, unknown }: Question, occasion: 'customer' | 'basket'): Answer | Promise<Answer> {
  const { offers } = served.loaded;
  return then(served.list(wish), (listed) => {
    const found = recommendedOnWire(recommendedOf(offers, listed, occasion));
    const body: z.infer<typeof recommendationsSchema> = {
      ...basisOnWire(offers, wish.k),
      fallback: fallbackOnWire(fallback),
      unknown,
      recommendations: found,
      note: shortfall(found.length, wish.k),
    };
    return { body: JSON.stringify(body), run: runOnWire(offers.reference) };
  });
}

function then(list: Listed | Promise<Listed>, make: (listed: Listed) => Answer): Answer | Promise<Answer> {
  return list instanceof Promise ? list.then(make) : make(list);
}
