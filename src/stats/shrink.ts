import { betaQuantileParts } from './beta.ts';
import { chiSquareUpper, normalQuantile } from './distribution.ts';
import { checkCount, checkFinite, checkLevel, checkSameLength, defaultLevel } from './estimate.ts';
import { logGamma } from './gamma.ts';
import { sum } from './mean.ts';

/** A group's own value and what remains of it when it is drawn to the mean of all groups. */
export interface Shrunk {
  /** As observed; null for a group without observations. */
  raw: number | null;
  value: number;
  low: number;
  high: number;
  /** Weight of the group's own data, 0 to 1. */
  weight: number;
}

export interface ShrunkRates {
  /** Beta distribution of the groups' true rates, at the median of its posterior. */
  alpha: number;
  beta: number;
  mean: number;
  /** Chi-square test that the groups don't differ; 1 for fewer than two groups. */
  p: number;
  /** In the order given. */
  groups: Shrunk[];
}

/**
 * Rates of groups drawn to their common mean as far as chance explains their spread. Beta-binomial with a prior of unknown size:
 * uniform over the shrinkage of an average group (Daniels 1999) where alpha and beta are at least a half, summed over a grid; the common mean by its moment estimate with its
 * variance carried along (Kass & Steffey 1989); interval from the beta distribution with the posterior's mean and variance. So that
 * few groups give wide intervals. Measured coverage: see the test. Null without any observation.
 * @throws RangeError unless whole numbers with 0 ≤ successes ≤ n.
 */
export function shrinkRates(groups: readonly { successes: number; n: number }[], level = defaultLevel): ShrunkRates | null {
  groups.forEach(({ successes, n }) => {
    checkCount('n', n);
    checkCount('successes', successes);
    if (successes > n) throw new RangeError(`successes: expected at most n (${n}), found ${successes}`);
  });
  const tail = (1 - checkLevel(level)) / 2;
  const filled = tally(groups);
  const all = sum(groups.map(({ n }) => n));
  if (all === 0) return null;
  const hits = sum(groups.map(({ successes }) => successes));
  const pooled = (hits + 0.5) / (all + 1);
  const priors = beliefs(filled, pooled);
  const middle = midway(priors);
  const mean = sum(priors.map((prior) => prior.share * prior.mean));
  return {
    alpha: mean * middle,
    beta: (1 - mean) * middle,
    mean,
    p: chiSquareOf(filled, hits / all),
    groups: groups.map(({ successes, n }) => {
      let [value, second, weight] = [0, 0, 0];
      for (const { mean: m, size, variance, share } of priors) {
        const center = (m * size + successes) / (size + n);
        value += share * center;
        second += share * ((center * (1 - center)) / (size + n + 1) + (size / (size + n)) ** 2 * variance + center * center);
        weight += (share * n) / (size + n);
      }
      const size = Math.max(1e-6, (value * (1 - value)) / (second - value * value) - 1);
      const [a, b] = [value * size, (1 - value) * size];
      const low = betaQuantileParts(tail, a, b).x;
      return { raw: n === 0 ? null : successes / n, value, low, high: betaQuantileParts(1 - tail, a, b, tail).x, weight };
    }),
  };
}

interface Cell {
  successes: number;
  n: number;
  times: number;
}

/** Groups with observations, equal ones counted once with how often they occur. */
function tally(groups: readonly { successes: number; n: number }[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { successes, n } of groups) {
    if (n === 0) continue;
    const key = `${successes}/${n}`;
    const cell = cells.get(key);
    if (cell) cell.times++;
    else cells.set(key, { successes, n, times: 1 });
  }
  return [...cells.values()];
}

interface Belief {
  /** Beta prior: mean, its variance as estimated, and size (alpha + beta). */
  mean: number;
  variance: number;
  size: number;
  /** Posterior probability of this size. */
  share: number;
}

const gridSize = 60;

function beliefs(cells: readonly Cell[], pooled: number): Belief[] {
  const count = sum(cells.map(({ times }) => times));
  const typical = count / sum(cells.map(({ n, times }) => times / n));
  const logs: number[] = [];
  // From a prior in which neither alpha nor beta is below a half, up to one that holds all groups for equal.
  const least = 0.5 / Math.min(pooled, 1 - pooled);
  const from = least / (least + typical);
  const found = Array.from({ length: gridSize }, (_, i) => {
    const shrinkage = from + ((1 - from) * (i + 0.5)) / gridSize;
    const size = (typical * shrinkage) / (1 - shrinkage);
    const weights = sum(cells.map(({ n, times }) => (times * n) / (size + n)));
    const crude = sum(cells.map(({ successes, n, times }) => (times * successes) / (size + n))) / weights;
    const known = weights * (size + 1);
    const mean = crude > 0 && crude < 1 ? crude : (crude * known + 0.5) / (known + 1);
    const variance = (mean * (1 - mean)) / known;
    const a = mean * size;
    const b = size - a;
    const fixed = logGamma(size) - logGamma(a) - logGamma(b);
    const likelihood = sum(
      cells.map((c) => c.times * (fixed + logGamma(a + c.successes) + logGamma(b + c.n - c.successes) - logGamma(size + c.n))),
    );
    logs.push(likelihood + Math.log(variance) / 2);
    return { mean, variance, size };
  });
  const best = Math.max(...logs);
  const total = sum(logs.map((log) => Math.exp(log - best)));
  return found.map((belief, i) => ({ ...belief, share: Math.exp(logs[i]! - best) / total }));
}

function midway(priors: readonly Belief[]): number {
  let passed = 0;
  for (const { size, share } of priors) {
    passed += share;
    if (passed >= 0.5) return size;
  }
  return priors.at(-1)!.size;
}

function chiSquareOf(cells: readonly Cell[], rate: number): number {
  const count = sum(cells.map(({ times }) => times));
  if (count < 2 || rate === 0 || rate === 1) return 1;
  const statistic = sum(cells.map(({ successes, n, times }) => (times * (successes - n * rate) ** 2) / (n * rate * (1 - rate))));
  return chiSquareUpper(statistic, count - 1);
}

export interface ShrunkMeans {
  mean: number;
  meanSe: number;
  /** Variance of the groups' true values. */
  tau2: number;
  /** Cochran's test that the groups don't differ. */
  q: number;
  p: number;
  /** In the order given. */
  groups: Shrunk[];
}

/**
 * Estimates with known standard errors drawn to their common mean: τ² by DerSimonian & Laird (1986), posterior by normal-normal
 * empirical Bayes with Morris' corrections for the estimated mean and τ² (Morris 1983). Null for no groups; one
 * group keeps its value.
 * @param values estimates (log growth, mean order value).
 * @param errors their standard errors, positive.
 * @throws RangeError when lengths differ, a value isn't finite or an error isn't positive.
 */
export function shrinkMeans(values: readonly number[], errors: readonly number[], level = defaultLevel): ShrunkMeans | null {
  checkSameLength('values and errors', values, errors);
  checkFinite('values', values);
  checkFinite('errors', errors);
  errors.forEach((error, i) => {
    if (!(error > 0)) throw new RangeError(`errors[${i}]: expected a positive number, found ${error}`);
  });
  const z = normalQuantile(1 - (1 - checkLevel(level)) / 2);
  const k = values.length;
  if (k === 0) return null;
  const center = (weights: number[]) => sum(weights.map((w, i) => w * values[i]!)) / sum(weights);
  const fixed = errors.map((error) => 1 / (error * error));
  const middle = center(fixed);
  const q = sum(fixed.map((w, i) => w * (values[i]! - middle) ** 2));
  const scale = sum(fixed) - sum(fixed.map((w) => w * w)) / sum(fixed);
  const tau2 = k < 2 ? 0 : Math.max(0, (q - (k - 1)) / scale);
  const weights = errors.map((error) => 1 / (error * error + tau2));
  const mean = center(weights);
  const meanVariance = 1 / sum(weights);
  const average = sum(weights.map((w, i) => w * errors[i]! ** 2)) / sum(weights);
  const groups = values.map((raw, i) => {
    const s2 = errors[i]! ** 2;
    if (k < 4) return { raw, value: raw, low: raw - z * errors[i]!, high: raw + z * errors[i]!, weight: 1 };
    const pull = ((k - 3) / (k - 1)) * (s2 / (s2 + tau2));
    const value = raw + pull * (mean - raw);
    const doubt = (2 / (k - 3)) * pull * pull * ((average + tau2) / (s2 + tau2)) * (raw - mean) ** 2;
    const variance = s2 * (1 - pull * (1 - weights[i]! / sum(weights))) + doubt;
    const half = z * Math.sqrt(variance);
    return { raw, value, low: value - half, high: value + half, weight: 1 - pull };
  });
  return { mean, meanSe: Math.sqrt(meanVariance), tau2, q, p: k < 2 ? 1 : chiSquareUpper(q, k - 1), groups };
}
