import { z } from 'zod';
import { customerOnWire, listSchema, runOnWire, valueSchema } from './answer.ts';
import { encodeCursor, offsetOf } from './cursor.ts';
import { customerOf } from './customer.ts';
import { type Answer, defineEndpoint, idText, wholeNumber } from './endpoint.ts';
import { longestHorizonDays } from './horizon.ts';
import { rowOf } from './id-index.ts';
import { valuesOf } from './keeper.ts';
import { Problem } from './problem.ts';
import { remembered } from './thread-keeper.ts';
import type { ServedValues } from './value-keeper.ts';

const defaultHorizonDays = 365;
const longestPage = 500;

const horizon_days = wholeNumber(1, longestHorizonDays, defaultHorizonDays, 'How many days to look ahead');
const id = idText('Customer id as the reports print it, percent-encoded');

export const highValueNew = defineEndpoint({
  method: 'GET',
  path: '/v1/customers/high-value-new',
  id: 'highValueNewCustomers',
  summary: 'New customers by predicted value',
  description:
    'Customers whose first purchase lies fewer than so many days before the as-of day of the run, the highest predicted value first. Nothing is fitted: values are those of the run, or scored from its parameters.',
  isGuarded: true,
  query: z.strictObject({
    first_purchase_within_days: wholeNumber(1, 366, 90, 'First purchase fewer than so many days before the as-of day'),
    horizon_days,
    top: wholeNumber(1, longestPage, 50, 'Customers on a page'),
    cursor: z.string().min(1).max(200).optional().describe('next_cursor of the page before, with the same other parameters'),
  }),
  answer: { type: 'application/json', schema: listSchema },
  problems: ['cursor-expired', 'no-run', 'busy'],
  async handle({ query: { first_purchase_within_days: within, horizon_days: horizonDays, top, cursor }, keeper }): Promise<Answer> {
    const served = valuesOf(keeper);
    const { reference } = served.loaded;
    const offset = cursor === undefined ? 0 : offsetOf(cursor, { manifest: reference.manifest, within, horizon: horizonDays });
    const body = await remembered(served.bodies, `${within} ${horizonDays} ${offset} ${top}`, async () => {
      const ranked = await served.ranking(within, horizonDays);
      const rows = ranked.subarray(offset, offset + top).slice();
      const outlooks = await served.outlooks(rows, horizonDays);
      const next = offset + top;
      const nextCursor =
        next < ranked.length ? encodeCursor({ manifest: reference.manifest, within, horizon: horizonDays, offset: next }) : null;
      return JSON.stringify({
        ...basisOf(served, horizonDays),
        first_purchase_within_days: within,
        found: ranked.length,
        customers: outlooks.map((outlook, i) => ({
          rank: offset + i + 1,
          ...customerOnWire(customerOf(served.loaded.customers, rows[i]!, outlook)),
        })),
        next_cursor: nextCursor,
      } satisfies z.infer<typeof listSchema>);
    });
    return { body, run: runOnWire(reference) };
  },
});

export const customerValue = defineEndpoint({
  method: 'GET',
  path: '/v1/customers/{id}/value',
  id: 'customerValue',
  summary: "A customer's predicted value",
  description: 'Recency, frequency, monetary value and what is expected within the horizon, of one customer.',
  isGuarded: true,
  params: z.strictObject({ id }),
  query: z.strictObject({ horizon_days }),
  answer: { type: 'application/json', schema: valueSchema },
  problems: ['unknown-customer', 'no-run', 'busy'],
  handle({ params, query: { horizon_days: horizonDays }, keeper }): Answer | Promise<Answer> {
    const served = valuesOf(keeper);
    const { customers, reference } = served.loaded;
    const row = rowOf(customers.ids, params.id);
    if (row < 0) throw new Problem('unknown-customer', '', { run: runOnWire(reference) });
    const outlooks = served.outlooks(Uint32Array.of(row), horizonDays);
    const answer = (outlook: Parameters<typeof customerOf>[2]): Answer => ({
      body: JSON.stringify({
        ...basisOf(served, horizonDays),
        customer: customerOnWire(customerOf(customers, row, outlook)),
      } satisfies z.infer<typeof valueSchema>),
      run: runOnWire(reference),
    });
    return outlooks instanceof Promise ? outlooks.then(([outlook]) => answer(outlook!)) : answer(outlooks[0]!);
  },
});

function basisOf({ loaded }: ServedValues, horizonDays: number) {
  const { supported, reason, id: model, discountPerYear, level } = loaded.model;
  const run = runOnWire(loaded.reference);
  return {
    run,
    supported,
    reason,
    model,
    currency: loaded.shop.currency,
    horizon_days: horizonDays,
    discount_per_year: discountPerYear,
    level,
  };
}
