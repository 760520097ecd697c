import type { Appraisal, AppraiseOptions, Result } from '#recommender/appraise.ts';
import { holdout } from '#recommender/holdout.ts';
import { between } from '#recommender/interactions.ts';
import { repeatProducts } from '#recommender/repeat.ts';
import { normalQuantile } from '#stats/distribution.ts';
import type { Estimate } from '#stats/estimate.ts';
import { proportion } from '#stats/proportion.ts';
import type { Input } from './input.ts';

/** What the test window says of money, and how large a trial must be. */
export interface Worth {
  /** Days of the window. */
  days: number;
  /** Customers with a history before the window, and of them those who bought something new to them in it. */
  known: number;
  buyers: number;
  /** Products that these bought in the window and had not before. */
  products: number;
  /** Their usual price: the mean. */
  price: number;
  /** All of them at that price, a year. */
  yearly: number;
  /** That sum times what the served lists foretell more of it than popularity does; null where likeness of content is served. */
  bound: Estimate | null;
  trial: Trial;
}

/** A trial of two halves that runs as long as the window: chance that a customer of each half buys something of the list. */
export interface Trial {
  /** 'lists': the served list against best sellers; 'any': any list against none, for a relative rise of the part who buy. */
  kind: 'lists' | 'any';
  control: number;
  treated: number;
  /** Customers in each half. */
  each: number;
  /** Days of the trial. */
  days: number;
}

const power = 0.8;
const level = 0.95;
/** Smallest relative rise of the share of buyers that would be worth a weekly e-mail. */
export const usefulRise = 0.05;

/** Null without a test window. */
export function worthOf(
  { data, catalogue }: Input,
  { test, verdict }: Appraisal,
  baseline: Result | null,
  served: Result | null,
  { training, repeat }: AppraiseOptions,
): Worth | null {
  if (!test || test.customers === 0) return null;
  const before = between(data.histories, Number.NEGATIVE_INFINITY, test.from);
  const { isRepeat } = repeatProducts(before, data.products, repeat);
  const all = holdout(data, test.from, test.to, { taste: training.taste, repeats: isRepeat, limit: Number.POSITIVE_INFINITY });
  const buyers = all.customers.length;
  const priced = Array.from(all.truth.product, (p) => catalogue.prices[p]!).filter(Number.isFinite);
  if (buyers === 0 || priced.length === 0) return null;
  const days = test.to - test.from;
  const price = priced.reduce((sum, value) => sum + value, 0) / priced.length;
  const products = all.truth.product.length;
  const yearly = (products * price * 365) / days;
  const beats = verdict === 'beats-popularity' && served?.gain;
  const bound = beats ? { ...beats, value: beats.value * yearly, low: beats.low * yearly, high: beats.high * yearly } : null;
  const buying = proportion(buyers, all.known)!.value;
  const [plain, own] = beats ? [baseline?.recall?.value, served?.recall?.value] : [];
  const lists = plain !== undefined && own !== undefined;
  const [control, treated] = lists ? [buying * plain, buying * own] : [buying, buying * (1 + usefulRise)];
  return {
    ...{ days, known: all.known, buyers, products, price, yearly, bound },
    trial: { kind: lists ? 'lists' : 'any', control, treated, each: halfSize(control, treated), days },
  };
}

/** Customers in each half to tell two shares apart, two-sided (Fleiss 1981, without continuity correction). */
export function halfSize(control: number, treated: number): number {
  if (control === treated) return 0;
  const mean = (control + treated) / 2;
  const alpha = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(2 * mean * (1 - mean));
  const beta = normalQuantile(power) * Math.sqrt(control * (1 - control) + treated * (1 - treated));
  return Math.ceil(((alpha + beta) / (control - treated)) ** 2);
}
