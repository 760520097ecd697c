import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openBackend } from '#recommender/backend.ts';
import { offerOf } from '#recommender/build.ts';
import { contentSpace, rowsToUnit } from '#recommender/content.ts';
import { evaluate } from '#recommender/evaluate.ts';
import { holdout } from '#recommender/holdout.ts';
import { between } from '#recommender/interactions.ts';
import { popularity, popularityScorer } from '#recommender/popularity.ts';
import { vectorScorer } from '#recommender/scorer.ts';
import { train } from '#recommender/train.ts';
import { catalogueOf } from './catalogue.ts';
import { quick, simulate } from './simulate.ts';

const backend = await openBackend();
const shop = simulate(1, 0.85);
const offer = offerOf(shop.catalogue);
const now = 224;
const histories = between(shop.data.histories, 0, now);
const input = { ...offer, histories, now, seed: 1 };
const asked = holdout(shop.data, now, 280, { taste: quick.training.taste, repeats: new Uint8Array(shop.data.products), limit: 1000 });
const mean = (values: Float64Array) => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};
const digest = (...arrays: Float32Array[]) => {
  const hash = createHash('sha256');
  for (const values of arrays) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
};
const trained = await train(input, quick.training, backend);

test('learns planted tastes: above popularity, and products that nobody bought yet through their text', () => {
  const found = evaluate(vectorScorer(trained.towers, backend.multiply), asked);
  const popular = evaluate(popularityScorer(popularity(histories, shop.data.products, 0, now)), asked);
  expect(mean(found.recall)).toBeGreaterThan(2 * mean(popular.recall));
  expect(mean(found.recallCold)).toBeGreaterThan(0.5);
  expect(mean(popular.recallCold)).toBeLessThan(0.2);
});

test('the loss falls from pass to pass', () => {
  const losses = trained.epochs.map(({ loss }) => loss!);
  expect(losses).toHaveLength(8);
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3);
});

test('the same inputs give the same bytes, another seed others', async () => {
  const again = await train(input, quick.training, backend);
  const bytes = ({ towers }: typeof trained) => digest(towers.input, towers.output, towers.bias, towers.constant, towers.content.features);
  expect(bytes(again)).toBe(bytes(trained));
  const other = await train({ ...input, seed: 2 }, { ...quick.training, epochs: 1 }, backend);
  expect(bytes(other)).not.toBe(bytes(trained));
});

test('stops where the score no longer rises, and gives the best', async () => {
  const scores = [1, 2, 1.9, 1.8, 9];
  const found = await train(input, { ...quick.training, epochs: 5, patience: 2 }, backend, (_, epoch) => scores[epoch - 1]!);
  expect(found.best).toBe(2);
  expect(found.epochs.map(({ score }) => score)).toEqual([1, 2, 1.9, 1.8]);
  const two = await train(input, { ...quick.training, epochs: 2 }, backend);
  expect(digest(found.towers.output)).toBe(digest(two.towers.output));
});

test('vectors of a text model carry products as features do', async () => {
  const text = {
    width: 6,
    values: Float32Array.from({ length: shop.data.products * 6 }, (_, i) => (shop.taste[Math.floor(i / 6)] === i % 6 ? 1 : 0)),
  };
  const blind = offerOf(shop.catalogue, text, 'replaced');
  const found = await train({ ...input, ...blind }, quick.training, backend);
  expect(mean(evaluate(vectorScorer(found.towers, backend.multiply), asked).recallCold)).toBeGreaterThan(0.4);
});

test.each([
  ['no customers', [], 3],
  [
    'customers with one product each',
    [
      ['a', 0],
      ['b', 1],
    ],
    3,
  ],
  ['one product', [['a', 0]], 1],
  [
    'one customer',
    [
      ['a', 0],
      ['a', 1],
    ],
    3,
  ],
] as [string, [string, number][], number][])('%s', async (_, rows, products) => {
  const catalogue = catalogueOf(['red mug', 'blue mug', 'lamp'].slice(0, products).map((name) => [name]));
  const customers = [...new Set(rows.map(([customer]) => customer))];
  const own = customers.map((customer) => rows.filter(([other]) => other === customer).map(([, product]) => product));
  let sum = 0;
  const few = {
    offsets: Int32Array.from([0, ...own.map((list) => (sum += list.length))]),
    product: Int32Array.from(own.flat()),
    day: new Int32Array(rows.length),
    kind: new Uint8Array(rows.length).fill(2),
  };
  const { towers } = await train({ ...offerOf(catalogue), histories: few, now: 1, seed: 1 }, { ...quick.training, epochs: 2 }, backend);
  for (const values of [towers.input, towers.output, towers.bias]) expect(values.every(Number.isFinite)).toBe(true);
});

test('content in few dimensions: cosines of the features', () => {
  const { content } = offerOf(catalogueOf([['red mug'], ['blue mug'], ['red scarf'], ['blue scarf'], ['qwx']]));
  const features = Math.max(...content.features.feature) + 1;
  const full = new Float32Array(5 * features);
  for (let p = 0; p < 5; p++) {
    for (let e = content.features.offsets[p]!; e < content.features.offsets[p + 1]!; e++)
      full[p * features + content.features.feature[e]!] = content.features.weight[e]!;
  }
  const exact = rowsToUnit(full, 5, features);
  const space = contentSpace(content, 64, 1, backend.multiply);
  const cosine = (values: Float32Array, width: number, a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += values[a * width + i]! * values[b * width + i]!;
    return sum;
  };
  for (let a = 0; a < 5; a++) {
    for (let b = 0; b < 5; b++) expect(cosine(space.values, space.dimensions, a, b)).toBeCloseTo(cosine(exact, features, a, b), 4);
  }
});
