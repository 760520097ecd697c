import { describe, expect, test } from 'vitest';
import { appraise, candidates } from '#recommender/appraise.ts';
import { openBackend } from '#recommender/backend.ts';
import { buildIndex, offerOf } from '#recommender/build.ts';
import { interactions } from '#recommender/interactions.ts';
import { catalogueOf } from './catalogue.ts';
import { quick, simulate } from './simulate.ts';

const backend = await openBackend();

describe('planted tastes', async () => {
  const { catalogue, data } = simulate(2, 0.85);
  const offer = offerOf(catalogue);
  const found = await appraise(data, offer, quick, backend);
  const result = (id: string) => found.results.find((one) => one.id === id)!;

  test('are found beyond noise, by what validation chose', () => {
    expect(found.verdict).toBe('beats-popularity');
    expect(found.served).toBe(found.plan!.chosen);
    expect(found.results.map(({ id }) => id)).toEqual([...candidates]);
    expect(result(found.served).gain!.low).toBeGreaterThan(0.1);
    expect(result('embedding').gain!.low).toBeGreaterThan(0.1);
  });

  test('windows follow one another and end with the data', () => {
    expect(found.validation).toMatchObject({ from: 168, to: 224 });
    expect(found.test).toMatchObject({ from: 224, to: 280 });
  });

  test('only content and the towers know new products', () => {
    expect(result('item-item').coldProducts!.value).toBeLessThan(0.2);
    expect(result('embedding').coldProducts!.low).toBeGreaterThan(result('item-item').coldProducts!.high);
    expect(result('content').coldProducts!.low).toBeGreaterThan(result('item-item').coldProducts!.high);
  });

  test('the baseline gains nothing on itself, and every interval holds its value', () => {
    expect(result(found.plan!.baseline).gain).toMatchObject({ value: 0, low: 0, high: 0 });
    for (const { recall, ndcg } of found.results) {
      for (const one of [recall!, ndcg!]) expect(one.low <= one.value && one.value <= one.high && one.low >= 0 && one.high <= 1).toBe(true);
    }
  });

  test('the index holds what is served, and no more', async () => {
    const index = await buildIndex({ catalogue, data, offer, appraisal: found, now: 280 }, quick, backend);
    expect(index.served).toBe(found.served);
    expect(index.towers !== null).toBe(['embedding', 'blend'].includes(found.served));
    expect(index.neighbours !== null).toBe(found.served !== 'embedding');
  });
});

test('random purchases: nothing beats popularity beyond noise, so likeness of content is served', async () => {
  const { catalogue, data } = simulate(3, 0);
  const found = await appraise(data, offerOf(catalogue), quick, backend);
  expect(found).toMatchObject({ verdict: 'within-noise', served: 'content' });
  expect(found.plan).not.toBeNull();
  const index = await buildIndex({ catalogue, data, offer: offerOf(catalogue), appraisal: found, now: 280 }, quick, backend);
  expect(index).toMatchObject({ served: 'content', towers: null, neighbours: null });
});

test.each([
  ['no rows', 0, 0],
  ['one customer on one day', 1, 1],
  ['ten customers over a year', 10, 365],
])('too little data: %s', async (_, customers, days) => {
  const catalogue = catalogueOf([['red mug'], ['blue mug']]);
  const rows = Array.from(
    { length: customers * 2 },
    (_, i) => [`c${i % customers}`, `p${i % 2}`, Math.floor((i * days) / (2 * customers))] as const,
  );
  const data = interactions(
    { customer: rows.map(([c]) => c), product: rows.map(([, p]) => p), day: rows.map(([, , d]) => d), kind: rows.map(() => 'purchase') },
    catalogue,
  );
  const offer = offerOf(catalogue);
  const found = await appraise(data, offer, quick, backend);
  expect(found).toMatchObject({ verdict: 'too-little-data', served: 'content', plan: null, results: [] });
  const index = await buildIndex({ catalogue, data, offer, appraisal: found, now: days + 1 }, quick, backend);
  expect(index.served).toBe('content');
});

test('vectors of another catalogue are refused', () => {
  expect(() => offerOf(catalogueOf([['a'], ['b']]), { width: 2, values: new Float32Array(6) })).toThrow(
    'text: expected 2 vectors of 2 numbers, found 6 numbers',
  );
});
