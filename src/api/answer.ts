import { z } from 'zod';
import type { RunReference } from './artifact-file.ts';
import type { CustomerValue } from './customer.ts';

const count = (text: string) => z.number().min(0).describe(text);
const chance = (text: string) => z.number().min(0).max(1).nullable().describe(text);
const money = (text: string) => z.number().describe(`${text}, in the shop's currency`);
const day = (text: string) => z.iso.date().describe(text);
const hash = (text: string) =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(text);

export const runSchema = z
  .strictObject({
    shop: z.string(),
    as_of: day('Last day that counts'),
    run: hash("SHA-256 of the run's inputs"),
    manifest: hash("SHA-256 of the run's manifest.json"),
  })
  .describe('The published run that an answer rests on.');

const outlookSchema = z
  .strictObject({
    purchases: z.number().min(0).nullable().describe('Expected purchases'),
    p_purchase: chance('P(at least one purchase)'),
    value: z
      .strictObject({ expected: money('Expected value, discounted'), low: money('Lower end of its interval'), high: money('Upper end') })
      .nullable(),
  })
  .describe('What is expected within the horizon; null where it is not known.');

export const customerSchema = z
  .strictObject({
    customer_id: z.string(),
    first_order_date: day("Day of the first purchase, in the shop's timezone"),
    last_order_date: day('Day of the last purchase'),
    days_since_first: count('Days from the first purchase to the as-of day'),
    days_since_last: count('Days from the last purchase to the as-of day'),
    repeat_purchases: count('Days with a purchase after the first'),
    mean_repeat_value: money('Mean net value of a repeat purchase day; null without one').nullable(),
    total_value: money('Net value of all purchases so far').nullable(),
    p_alive: chance('P(still a customer)'),
    next_90_days: z.strictObject({ purchases: z.number().min(0).nullable(), p_purchase: chance('P(at least one purchase)') }),
    outlook: outlookSchema,
    segment: z.string().nullable().describe('Learned value segment: low, mid or high'),
    country: z.string().nullable(),
    region: z.string().nullable(),
    source: z.string().nullable().describe('Where the customer came from'),
    first_category: z.string().nullable(),
  })
  .describe('A customer and what is expected of them.');

const basis = {
  run: runSchema,
  supported: z.boolean().describe("False where the shop can't carry a model: values are then those of a stated fallback, or null"),
  reason: z.string().nullable().describe('Why not; null where it can'),
  model: z.string().describe('What scored the customers: bg-nbd, mbg-nbd, pareto-nbd, nbd, mean or none; the model card has more'),
  currency: z.string().describe('ISO 4217'),
  horizon_days: z.number().positive(),
  discount_per_year: z.number().describe('Effective discount a year: 0.15 for 15%'),
  level: z.number().gt(0).lt(1).describe('Level of the intervals'),
};

export const valueSchema = z.strictObject({ ...basis, customer: customerSchema }).describe("One customer's predicted value.");

export const listSchema = z
  .strictObject({
    ...basis,
    first_purchase_within_days: z.int().positive(),
    found: z.int().min(0).describe('New customers in all'),
    customers: z
      .array(z.strictObject({ rank: z.int().positive(), ...customerSchema.shape }))
      .describe('The most valuable first; equal ones by id'),
    next_cursor: z.string().nullable().describe('Send as cursor for the next page; null on the last'),
  })
  .describe('New customers by predicted value.');

export type RunOnWire = z.infer<typeof runSchema>;

export function runOnWire({ shop, asOf, run, manifest }: RunReference): RunOnWire {
  return { shop, as_of: asOf, run, manifest };
}

export function customerOnWire(customer: CustomerValue): z.infer<typeof customerSchema> {
  const { outlook, next90Days } = customer;
  return {
    customer_id: customer.customerId,
    first_order_date: customer.firstOrderDate,
    last_order_date: customer.lastOrderDate,
    days_since_first: customer.daysSinceFirst,
    days_since_last: customer.daysSinceLast,
    repeat_purchases: customer.repeatPurchases,
    mean_repeat_value: customer.meanRepeatValue,
    total_value: customer.totalValue,
    p_alive: customer.pAlive,
    next_90_days: { purchases: next90Days.purchases, p_purchase: next90Days.pPurchase },
    outlook: { purchases: outlook.purchases, p_purchase: outlook.pPurchase, value: outlook.value },
    segment: customer.segment,
    country: customer.country,
    region: customer.region,
    source: customer.source,
    first_category: customer.firstCategory,
  };
}
