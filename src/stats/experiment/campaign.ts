import { checkFinite, checkSameLength } from '../estimate.ts';
import type { Successes } from '../proportion.ts';
import { random } from '../random.ts';

/** Customers of a simulated campaign, by position. */
export interface Audience {
  /** Chance that a customer buys in the period without the offer, 0 to 1. */
  probability: ArrayLike<number>;
  /** Money that a purchase leaves without the offer. */
  margin: ArrayLike<number>;
}

/** One number for all customers, or one each. */
export type ByCustomer = number | ArrayLike<number>;

export interface Offer {
  /** Added to the chance of buying, in points (0.02 is two percentage points); the sum is kept within 0 to 1. */
  uplift: ByCustomer;
  /** Money given away on each purchase under the offer. */
  discount: ByCustomer;
  /** Money spent on each customer who gets it. */
  cost: ByCustomer;
}

export interface CampaignOptions {
  seed: number;
  /** Who is in the trial; all unless told otherwise. */
  isTargeted?: (customer: number) => boolean;
  /** Share of the targeted who get the offer. */
  share?: number;
}

/** What became of one arm. */
export interface ArmOutcome extends Successes {
  /** Money by customer of the arm, in order of position. */
  profits: Float64Array;
  profit: number;
}

export interface Campaign {
  /** 0 control, 1 treated, −1 not targeted. */
  arm: Int8Array;
  bought: Uint8Array;
  profit: Float64Array;
  control: ArmOutcome;
  treated: ArmOutcome;
}

/** What an offer does to an audience on average, as the assumptions have it. */
export interface Expectation {
  customers: number;
  /** Buyers per customer without and with the offer. */
  share: number;
  shareWithOffer: number;
  /** Money that the offer adds, in all. */
  profit: number;
  /** Standard deviation of that by who happens to buy, with and without the offer. */
  deviation: number;
  /** The uplift, the same for all, at which the offer pays for itself, in points; null where none up to 1 does. */
  breakEven: number | null;
}

const at = (value: ByCustomer, i: number) => (typeof value === 'number' ? value : value[i]!);

function check({ probability, margin }: Audience, offer: Offer): void {
  checkSameLength('probability and margin', probability, margin);
  checkFinite('margin', margin);
  for (let i = 0; i < probability.length; i++) {
    if (!(probability[i]! >= 0 && probability[i]! <= 1)) {
      throw new RangeError(`probability[${i}]: expected a number from 0 to 1, found ${probability[i]}`);
    }
  }
  for (const name of ['uplift', 'discount', 'cost'] as const) {
    const value = offer[name];
    const all = typeof value === 'number' ? [value] : value;
    if (typeof value !== 'number') checkSameLength(`probability and ${name}`, probability, value);
    checkFinite(name, all);
    if (name === 'uplift') continue;
    for (let i = 0; i < all.length; i++) if (all[i]! < 0) throw new RangeError(`${name}[${i}]: expected at least 0, found ${all[i]}`);
  }
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

/**
 * A simulated trial: each targeted customer is put in an arm at random, and buys or doesn't by their chance. Two draws a customer, of the
 * seed alone, whoever is targeted and whatever the offer: a better offer never loses a buyer, and rules compare on the same luck.
 * @throws RangeError when lengths differ, a probability is outside 0 to 1, a number isn't finite, or cost or discount are negative.
 */
export function simulateCampaign(
  audience: Audience,
  offer: Offer,
  { seed, isTargeted = () => true, share = 0.5 }: CampaignOptions,
): Campaign {
  check(audience, offer);
  if (!(share > 0 && share < 1)) throw new RangeError(`share: expected a number strictly between 0 and 1, found ${share}`);
  const n = audience.probability.length;
  const [arms, luck] = [random(seed, 'campaign arms'), random(seed, 'campaign luck')];
  const arm = new Int8Array(n).fill(-1);
  const bought = new Uint8Array(n);
  const profit = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const isTreated = arms.uniform() < share;
    const draw = luck.uniform();
    if (isTargeted(i)) arm[i] = isTreated ? 1 : 0;
    const hasOffer = arm[i] === 1;
    const buys = draw < clamp(audience.probability[i]! + (hasOffer ? at(offer.uplift, i) : 0));
    bought[i] = buys ? 1 : 0;
    profit[i] = (buys ? audience.margin[i]! - (hasOffer ? at(offer.discount, i) : 0) : 0) - (hasOffer ? at(offer.cost, i) : 0);
  }
  const outcome = (which: number): ArmOutcome => {
    const profits = profit.filter((_, i) => arm[i] === which);
    let successes = 0;
    for (let i = 0; i < n; i++) if (arm[i] === which) successes += bought[i]!;
    return { n: profits.length, successes, profits, profit: profits.reduce((a, b) => a + b, 0) };
  };
  return { arm, bought, profit, control: outcome(0), treated: outcome(1) };
}

/**
 * What giving the offer to all targeted customers adds by the assumptions: exact means, no draw. The deviation is that of one campaign
 * against the same customers without it, buying independently.
 */
export function expectCampaign(audience: Audience, offer: Offer, isTargeted: (customer: number) => boolean = () => true): Expectation {
  check(audience, offer);
  const n = audience.probability.length;
  let [customers, without, with_, profit, variance] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (!isTargeted(i)) continue;
    const p = audience.probability[i]!;
    const q = clamp(p + at(offer.uplift, i));
    const kept = audience.margin[i]! - at(offer.discount, i);
    customers++;
    without += p;
    with_ += q;
    profit += q * kept - at(offer.cost, i) - p * audience.margin[i]!;
    variance += q * (1 - q) * kept ** 2 + p * (1 - p) * audience.margin[i]! ** 2;
  }
  const gain = (uplift: number) => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      if (!isTargeted(i)) continue;
      const p = audience.probability[i]!;
      total += clamp(p + uplift) * (audience.margin[i]! - at(offer.discount, i)) - at(offer.cost, i) - p * audience.margin[i]!;
    }
    return total;
  };
  return {
    customers,
    share: customers > 0 ? without / customers : 0,
    shareWithOffer: customers > 0 ? with_ / customers : 0,
    profit,
    deviation: Math.sqrt(variance),
    breakEven: customers > 0 ? leastRoot(gain) : null,
  };
}

function leastRoot(gain: (uplift: number) => number): number | null {
  if (gain(0) >= 0) return 0;
  if (!(gain(1) >= 0)) return null;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (gain(middle) >= 0) high = middle;
    else low = middle;
  }
  return high;
}
