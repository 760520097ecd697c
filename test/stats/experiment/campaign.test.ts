import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aaCheck } from '#stats/experiment/aa.ts';
import { expectCampaign, simulateCampaign } from '#stats/experiment/campaign.ts';
import { readTrial } from '#stats/experiment/readout.ts';
import { random } from '#stats/random.ts';

const audienceOf = (n: number) => {
  const r = random(1, 'audience');
  return {
    probability: Float64Array.from({ length: n }, () => 0.3 * r.uniform()),
    margin: Float64Array.from({ length: n }, () => 20 * r.gamma(2)),
  };
};
const offer = { uplift: 0.04, discount: 2, cost: 0.1 };

test('what a simulated trial shows is what was put in', () => {
  const audience = audienceOf(40_000);
  const { control, treated, arm, bought } = simulateCampaign(audience, offer, { seed: 3 });
  expect(control.n + treated.n).toBe(40_000);
  expect(Math.abs(control.n - 20_000)).toBeLessThan(400);
  expect(bought.filter((_, i) => arm[i] === 1).reduce((a, b) => a + b, 0)).toBe(treated.successes);
  const found = readTrial(control, treated)!;
  expect(found.shares.low).toBeLessThan(0.04);
  expect(found.shares.high).toBeGreaterThan(0.04);
  const expected = expectCampaign(audience, offer);
  expect(found.money!.low).toBeLessThan(expected.profit / 40_000);
  expect(found.money!.high).toBeGreaterThan(expected.profit / 40_000);
});

test('by hand: expectation, deviation and break-even', () => {
  const audience = { probability: [0.5, 0.2], margin: [10, 20] };
  const found = expectCampaign(audience, { uplift: 0.1, discount: 1, cost: 0.5 });
  expect(found).toMatchObject({ customers: 2, share: expect.closeTo(0.35, 12), shareWithOffer: expect.closeTo(0.45, 12) });
  // (.6 × 9 − .5 − 5) + (.3 × 19 − .5 − 4)
  expect(found.profit).toBeCloseTo(1.1, 12);
  expect(found.deviation).toBeCloseTo(Math.sqrt(0.24 * 81 + 0.25 * 100 + 0.21 * 361 + 0.16 * 400), 12);
  // .7 lost on purchases made anyway and 1 on contacts, 28 gained a unit of uplift.
  expect(found.breakEven).toBeCloseTo(1.7 / 28, 9);
  expect(expectCampaign(audience, { uplift: 0, discount: 30, cost: 0 }).breakEven).toBeNull();
  expect(expectCampaign(audience, { uplift: 0, discount: 0, cost: 0 }).breakEven).toBe(0);
  expect(expectCampaign(audience, offer, () => false)).toMatchObject({ customers: 0, profit: 0, breakEven: null });
});

test('the same luck for every rule and offer', () => {
  const audience = audienceOf(500);
  fc.assert(
    fc.property(fc.nat(50), fc.double({ min: 0, max: 0.3, noNaN: true }), (seed, uplift) => {
      const one = simulateCampaign(audience, offer, { seed });
      expect(simulateCampaign(audience, offer, { seed })).toEqual(one);
      const better = simulateCampaign(audience, { ...offer, uplift: 0.04 + uplift }, { seed });
      expect(better.arm).toEqual(one.arm);
      expect(better.bought.every((buys, i) => buys >= one.bought[i]!)).toBe(true);
      const some = simulateCampaign(audience, offer, { seed, isTargeted: (i) => i % 3 === 0 });
      some.arm.forEach((arm, i) => {
        expect(arm).toBe(i % 3 === 0 ? one.arm[i] : -1);
      });
      expect(some.control.n + some.treated.n).toBe(167);
    }),
    { numRuns: 20 },
  );
});

test('nonsense is named; nobody is no error', () => {
  const audience = { probability: [0.5, 0.2], margin: [10, 20] };
  expect(() => simulateCampaign({ ...audience, margin: [1] }, offer, { seed: 1 })).toThrow('probability and margin');
  expect(() => simulateCampaign({ ...audience, probability: [0.5, 1.2] }, offer, { seed: 1 })).toThrow(
    'probability[1]: expected a number from 0 to 1',
  );
  expect(() => simulateCampaign(audience, { ...offer, cost: [1, -1] }, { seed: 1 })).toThrow('cost[1]: expected at least 0, found -1');
  expect(() => simulateCampaign(audience, { ...offer, uplift: [1] }, { seed: 1 })).toThrow('probability and uplift');
  expect(() => simulateCampaign(audience, offer, { seed: 1, share: 1 })).toThrow('share');
  const none = simulateCampaign({ probability: [], margin: [] }, offer, { seed: 1 });
  expect(none.control).toMatchObject({ n: 0, successes: 0, profit: 0 });
  expect(readTrial(none.control, none.treated)).toBeNull();
});

test('A/A: sound on spending like a shop’s, on shares, and unsound where one customer is all', () => {
  const r = random(2, 'spend');
  const spend = Array.from({ length: 3000 }, () => (r.uniform() < 0.2 ? 40 * r.gamma(2) : 0));
  const found = aaCheck(spend, { seed: 1 })!;
  expect(found.isSound).toBe(true);
  expect(found.called.value).toBeGreaterThan(0.02);
  expect(found.called.value).toBeLessThan(0.09);
  expect(found.uniformP).toBeGreaterThan(0.01);
  expect(
    aaCheck(
      spend.map((one) => (one > 0 ? 1 : 0)),
      { seed: 1 },
    )!.isSound,
  ).toBe(true);
  const one = aaCheck([1e6, ...new Array(500).fill(1), 2], { seed: 1 })!;
  expect(one.isSound).toBe(false);
  expect(one.called.value).toBe(0);
  expect(aaCheck([1, 2, 3], { seed: 1 })).toBeNull();
  expect(aaCheck(new Array(50).fill(3), { seed: 1 })).toBeNull();
  expect(() => aaCheck([1, Number.NaN, 2, 3], { seed: 1 })).toThrow('outcomes[1]');
});
