import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, highValueNewCustomers, predictCustomerValue, weeks } from '#api/index.ts';
import type { LookbookError } from '#contract/error.ts';
import { ownFolder } from './client.ts';
import { nothing, outFolder, publishRun, spoil, unsupported } from './published.ts';

const { out, remove } = outFolder();
beforeAll(async () => {
  await publishRun(out);
});
afterAll(remove);

const refused = async (promise: Promise<unknown>): Promise<LookbookError> => {
  const error = await promise.then(
    () => null,
    (thrown: LookbookError) => thrown,
  );
  expect(error?.name).toBe('LookbookError');
  return error as LookbookError;
};

describe('high-value new customers', () => {
  it('are those of the last ninety days, the most valuable first', async () => {
    const answer = await highValueNewCustomers({ out, top: 1000 });
    expect(answer).toMatchObject({
      supported: true,
      reason: null,
      horizonDays: 365,
      firstPurchaseWithinDays: 90,
      passedOver: [],
      level: 0.95,
    });
    expect(answer.run).toMatchObject({ shop: 'demo', asOf: '2026-11-15' });
    expect(answer.customers).toHaveLength(answer.found);
    const values = answer.customers.map(({ outlook }) => outlook.value?.expected as number);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(answer.customers.every(({ daysSinceFirst }) => daysSinceFirst < 90)).toBe(true);
    const all = await highValueNewCustomers({ out, firstPurchaseWithinDays: 10_000, top: 10_000 });
    expect(all.found).toBe(400);
    expect(all.customers.filter(({ daysSinceFirst }) => daysSinceFirst < 90)).toHaveLength(answer.found);
  });

  it('takes the first so many', async () => {
    const all = await highValueNewCustomers({ out, top: 20 });
    const some = await highValueNewCustomers({ out, top: 3 });
    expect(some.customers).toEqual(all.customers.slice(0, 3));
    expect(some.found).toBe(all.found);
  });

  it('scores another horizon as it scores its own', async () => {
    const own = await highValueNewCustomers({ out, top: 50 });
    const near = await highValueNewCustomers({ out, top: 50, horizon: days(365.0001) });
    expect(near.customers.map(({ customerId }) => customerId)).toEqual(own.customers.map(({ customerId }) => customerId));
    for (const [i, { outlook }] of near.customers.entries()) {
      expect(outlook.value?.expected).toBeCloseTo(own.customers[i]?.outlook.value?.expected as number, 3);
      expect(outlook.purchases).toBeCloseTo(own.customers[i]?.outlook.purchases as number, 5);
      expect(outlook.pPurchase).toBeCloseTo(own.customers[i]?.outlook.pPurchase as number, 5);
    }
  });

  it('expects more of a longer horizon, within its interval', async () => {
    const ids = (await highValueNewCustomers({ out, top: 30 })).customers.map(({ customerId }) => customerId);
    const answers = await Promise.all(([weeks(4), weeks(26), '2y'] as const).map((horizon) => predictCustomerValue(ids, { out, horizon })));
    for (const i of ids.keys()) {
      const outlooks = answers.map(({ customers }) => customers[i]!.outlook);
      const values = outlooks.map(({ value }) => value!.expected);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      for (const { value, pPurchase } of outlooks) {
        expect(value!.low).toBeLessThanOrEqual(value!.high);
        expect(pPurchase).toBeGreaterThan(0);
        expect(pPurchase).toBeLessThan(1);
      }
    }
  });

  it.each([
    [{ firstPurchaseWithinDays: 0 }, 'firstPurchaseWithinDays'],
    [{ top: 1.5 }, 'top'],
    [{ horizon: 52 as never }, 'such as 52w'],
    [{ horizon: '52' as never }, 'such as 52w'],
    [{ horizon: weeks(0) }, 'such as 52w'],
    [{ horizon: '6y' as const }, '1826 days'],
    [{ shop: 'dmo' }, 'did you mean «demo»?'],
    [{ asOf: '2026-11-16' }, '2026-11-15'],
    [{ asOf: 'yesterday' }, '2026-11-15'],
  ])('refuses %j', async (query, hint) => {
    const error = await refused(highValueNewCustomers({ out, ...query }));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(hint);
  });
});

describe('prediction', () => {
  it('answers in the order asked for, each id once, and names what it does not know', async () => {
    const ids = ['c000007', 'nobody', 'c000003', 'c000007', '', '__proto__', '../x', 'c000003\0'];
    const { customers, unknown } = await predictCustomerValue(ids, { out });
    expect(customers.map(({ customerId }) => customerId)).toEqual(['c000007', 'c000003']);
    expect(unknown).toEqual(['nobody', '', '__proto__', '../x', 'c000003\0']);
  });

  it('answers an empty list with an empty answer', async () => {
    expect(await predictCustomerValue([], { out })).toMatchObject({ customers: [], unknown: [], supported: true });
    expect(await predictCustomerValue([], { out, horizon: '26w' })).toMatchObject({ customers: [], horizonDays: 182 });
  });

  it('gives an equal answer however many are asked for', async () => {
    const [one, many] = await Promise.all([
      predictCustomerValue(['c000010'], { out, horizon: '26w' }),
      predictCustomerValue(['c000001', 'c000010', 'c000002'], { out, horizon: '26w' }),
    ]);
    expect(one.customers[0]).toEqual(many.customers[1]);
  });

  it('refuses an id that is not text', async () => {
    expect((await refused(predictCustomerValue([7 as never], { out }))).exitCode).toBe(2);
  });
});

describe('runs', () => {
  it('says that nothing is published', async () => {
    const empty = { out: ownFolder() };
    const error = await refused(highValueNewCustomers({ out: empty.out }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain('npm run report');
  });

  it('passes over a newer run without customer value, and says so', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 20 });
    await publishRun(other.out, { customers: 20, asOf: '2026-11-22', without: ['customer-value/customers'] });
    expect(await highValueNewCustomers({ out: other.out })).toMatchObject({ run: { asOf: '2026-11-15' }, passedOver: ['2026-11-22'] });
    const error = await refused(highValueNewCustomers({ out: other.out, asOf: '2026-11-22' }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain('customer-value/customers');
  });

  it('wants the shop named where there are several', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 20 });
    await publishRun(other.out, { customers: 20, shop: 'thelook', seed: 5 });
    expect((await refused(highValueNewCustomers({ out: other.out }))).message).toContain('demo, thelook');
    expect(await highValueNewCustomers({ out: other.out, shop: 'thelook' })).toMatchObject({ run: { shop: 'thelook' } });
  });

  it('says why a shop cannot support the model; values are those of the fallback', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 40, model: unsupported });
    for (const horizon of ['365d', '26w'] as const) {
      const answer = await highValueNewCustomers({ out: other.out, horizon });
      expect(answer).toMatchObject({ supported: false, reason: 'no customer has bought more than four times' });
      expect(answer.customers[0]?.outlook.value?.expected).toBeGreaterThan(0);
    }
  });

  it('invents no values where there is nothing to score with', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 40, model: nothing });
    expect((await highValueNewCustomers({ out: other.out })).customers[0]?.outlook.pPurchase).toBeNull();
    expect(await highValueNewCustomers({ out: other.out, horizon: '26w' })).toMatchObject({ supported: false, customers: [], found: 0 });
    const one = await predictCustomerValue(['c000001'], { out: other.out, horizon: '26w' });
    expect(one.customers[0]?.outlook).toEqual({ purchases: null, pPurchase: null, value: null });
  });

  it.each([
    ['changed', (place: string, kept: { file: string }) => spoil(place, kept as never)],
    ['missing', (place: string, kept: { file: string }) => rmSync(join(place, 'artifacts', kept.file))],
  ])('names an artifact that is %s', async (word, harm) => {
    const other = { out: ownFolder() };
    const { artifacts } = await publishRun(other.out, { customers: 20 });
    harm(other.out, artifacts['customer-value/customers']!);
    const error = await refused(highValueNewCustomers({ out: other.out }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(word);
  });

  it.each([[{ supported: true }], ['text'], [{ supported: true, model: 'oracle' }]])('refuses the model %j', async (model) => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 20, model });
    expect((await refused(highValueNewCustomers({ out: other.out }))).message).toContain('a fitted value model');
  });

  it('answers of a shop without customers', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 0 });
    expect(await highValueNewCustomers({ out: other.out, horizon: '26w' })).toMatchObject({ found: 0, customers: [] });
    expect(await predictCustomerValue(['a'], { out: other.out })).toMatchObject({ customers: [], unknown: ['a'] });
  });
});
