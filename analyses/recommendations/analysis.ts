import { defineAnalysis } from '#contract/analysis.ts';
import { recommendations } from './recommend.ts';
import { effectsOf } from './text-model.ts';

/**
 * What the service loads: artifact `index` (`readIndex`: products, what is offered, content vectors, the served towers or neighbours, and
 * each customer's history up to the bound), artifact `card` (what is served and how it was judged), and three exports. `customers`:
 * customer_id, country and region of everybody, with or without a history. `popular`: the first hundred products by customers of the last
 * ninety days of each region, of each country (region NULL) and of the shop (both NULL), for those without a history. `histories`:
 * customer_id, product_id, day and kind of customers beyond the bound, whom the index does not hold; empty for most shops.
 */
export default defineAnalysis({
  id: 'recommendations',
  area: 'recommendations',
  question: 'What should we offer to whom, and is it better than showing what sells?',
  requires: ['orders', 'products'],
  /**
   * Customers read at most; days within which a product counts as new; and, to have texts judged by a model behind an OpenAI-compatible
   * endpoint, its address up to /v1, the model, and the name of the environment variable that holds the key.
   */
  params: { customers: 100_000, newWithinDays: 364, embeddingUrl: null, embeddingModel: null, embeddingKey: null },
  inputs: { interactions: 'interactions.sql', catalogue: 'catalogue.sql' },
  exports: { customers: 'customers.sql', popular: 'popular.sql', histories: 'histories.sql' },
  run: (tables, context) => recommendations(tables, context, effectsOf(context)),
});
