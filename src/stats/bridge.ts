import { sum } from './mean.ts';

/** One segment's units and value (money) in two periods. */
export interface Segment {
  segment: string;
  unitsBefore: number;
  unitsAfter: number;
  valueBefore: number;
  valueAfter: number;
}

export interface PriceVolumeMix {
  before: number;
  after: number;
  change: number;
  /** More or fewer units at the average price. */
  volume: number;
  /** Units moving to dearer or cheaper segments. */
  mix: number;
  /** Value per unit within segments. */
  price: number;
  /** Value of segments that sold nothing before. */
  gained: number;
  /** Minus the value of segments that sell nothing now. */
  lost: number;
  /** Change in value without units on one side (refunds only, say); 0 in clean data. */
  other: number;
  segments: { segment: string; change: number; volume: number; mix: number; price: number; gained: number; lost: number; other: number }[];
}

/**
 * Price–volume–mix between two periods, exact and symmetric (swapping periods flips every sign): midpoint weights (Bennet 1920;
 * Marshall–Edgeworth). With q units and p value per unit of a segment, bars for means of the two periods, and
 * P = Σ s̄·p̄ the average price at mean unit shares s̄: price = q̄·Δp, volume = P·Δq, mix = (p̄ − P)·Δq.
 * Segments that sold in one period only are `gained` or `lost`, and take no part in shares.
 * @returns parts that add up to the change, in total and in each segment.
 * @throws RangeError when a number isn't finite or units are negative.
 */
export function priceVolumeMix(segments: readonly Segment[]): PriceVolumeMix {
  for (const { segment, unitsBefore, unitsAfter, valueBefore, valueAfter } of segments) {
    if (!(unitsBefore >= 0 && unitsAfter >= 0 && Number.isFinite(unitsBefore + unitsAfter + valueBefore + valueAfter))) {
      throw new RangeError(`segment ${segment}: expected finite numbers and units of at least 0`);
    }
  }
  const lasting = segments.filter(({ unitsBefore, unitsAfter }) => unitsBefore > 0 && unitsAfter > 0);
  const allBefore = sum(lasting.map((s) => s.unitsBefore));
  const allAfter = sum(lasting.map((s) => s.unitsAfter));
  const priceOf = (s: Segment) => (s.valueBefore / s.unitsBefore + s.valueAfter / s.unitsAfter) / 2;
  const average = sum(lasting.map((s) => ((s.unitsBefore / allBefore + s.unitsAfter / allAfter) / 2) * priceOf(s)));
  const parts = segments.map((s) => {
    const change = s.valueAfter - s.valueBefore;
    const none = { segment: s.segment, change, volume: 0, mix: 0, price: 0, gained: 0, lost: 0, other: 0 };
    if (s.unitsBefore > 0 && s.unitsAfter > 0) {
      const units = s.unitsAfter - s.unitsBefore;
      const price = ((s.unitsBefore + s.unitsAfter) / 2) * (s.valueAfter / s.unitsAfter - s.valueBefore / s.unitsBefore);
      return { ...none, volume: average * units, mix: (priceOf(s) - average) * units, price };
    }
    if (s.unitsAfter > 0 && s.valueBefore === 0) return { ...none, gained: change };
    if (s.unitsBefore > 0 && s.valueAfter === 0) return { ...none, lost: change };
    return { ...none, other: change };
  });
  const total = (key: 'volume' | 'mix' | 'price' | 'gained' | 'lost' | 'other') => sum(parts.map((part) => part[key]));
  const before = sum(segments.map((s) => s.valueBefore));
  const after = sum(segments.map((s) => s.valueAfter));
  return {
    before,
    after,
    change: after - before,
    volume: total('volume'),
    mix: total('mix'),
    price: total('price'),
    gained: total('gained'),
    lost: total('lost'),
    other: total('other'),
    segments: parts,
  };
}

/** Logarithmic mean: (a − b) / ln(a / b), a where they are equal, 0 where one is 0; a, b ≥ 0. */
export function logMean(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  const x = (a - b) / b;
  if (Math.abs(x) < 1e-4) return b * (1 + x / 2 - (x * x) / 12 + (x * x * x) / 24);
  return (a - b) / (Math.abs(x) < 0.5 ? Math.log1p(x) : Math.log(a / b));
}

export interface FactorBridge {
  before: number;
  after: number;
  change: number;
  /** In the order of the factors given. */
  parts: { factor: string; before: number; after: number; change: number }[];
  /** 'log-mean Divisia', or 'Shapley' where a factor is negative. */
  method: 'log-mean Divisia' | 'Shapley';
}

/**
 * Change of a product of factors (orders × AOV; customers × frequency × AOV; units × value), exact and symmetric: factor k takes
 * L(V₁, V₀)·ln(xₖ₁/xₖ₀), L the logarithmic mean (LMDI-I: Ang & Liu 2001). Zeros by the limit (Ang & Liu 2007): a product that
 * comes from or falls to 0 goes wholly to the factors that were 0, the first of them. A negative factor has no logarithm: then
 * Shapley's value, exact and symmetric too, takes its place.
 * @param before factor values by name, their product the total; a factor undefined at 0 (AOV of no orders) may be given as 0.
 * @throws RangeError when names differ or a value isn't finite.
 */
export function factorBridge(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): FactorBridge {
  const factors = Object.keys(before);
  if (factors.length === 0 || factors.length !== Object.keys(after).length)
    throw new RangeError('factors: expected the same names before and after');
  const x0 = factors.map((factor) => before[factor]!);
  const x1 = factors.map((factor) => after[factor] ?? Number.NaN);
  factors.forEach((factor, k) => {
    if (!Number.isFinite(x0[k]) || !Number.isFinite(x1[k]))
      throw new RangeError(`factor ${factor}: expected finite numbers before and after`);
  });
  const v0 = x0.reduce((product, x) => product * x, 1);
  const v1 = x1.reduce((product, x) => product * x, 1);
  const isNegative = [...x0, ...x1].some((x) => x < 0);
  const changes = isNegative ? shapley(x0, x1) : divisia(x0, x1, v0, v1);
  return {
    before: v0,
    after: v1,
    change: v1 - v0,
    parts: factors.map((factor, k) => ({ factor, before: x0[k]!, after: x1[k]!, change: changes[k]! })),
    method: isNegative ? 'Shapley' : 'log-mean Divisia',
  };
}

function divisia(x0: number[], x1: number[], v0: number, v1: number): number[] {
  if (v0 > 0 && v1 > 0) {
    const weight = logMean(v1, v0);
    return x0.map((x, k) => weight * Math.log1p((x1[k]! - x) / x));
  }
  const ends = v0 > 0 ? x1 : x0;
  const first = ends.indexOf(0);
  return x0.map((_, k) => (k === first ? v1 - v0 : 0));
}

/** Mean over all orders in which the factors could change one by one. */
function shapley(x0: number[], x1: number[]): number[] {
  const n = x0.length;
  const value = (changed: number) => x0.reduce((product, x, k) => product * (changed & (1 << k) ? x1[k]! : x), 1);
  const factorial = (m: number): number => (m < 2 ? 1 : m * factorial(m - 1));
  return x0.map((_, k) => {
    let part = 0;
    for (let others = 0; others < 1 << n; others++) {
      if (others & (1 << k)) continue;
      const size = x0.filter((_, j) => others & (1 << j)).length;
      part += ((factorial(size) * factorial(n - size - 1)) / factorial(n)) * (value(others | (1 << k)) - value(others));
    }
    return part;
  });
}

export interface Contributions {
  before: number;
  after: number;
  change: number;
  /** Relative change of the total; null from a total of 0 or less. */
  growth: number | null;
  /** In the order given. */
  groups: {
    group: string;
    before: number;
    after: number;
    change: number;
    /** Relative to the group itself; null from 0 or less. */
    growth: number | null;
    /** Change over the total before: these add up to the total's growth. Null with it. */
    contribution: number | null;
  }[];
}

/** What each group adds to the change of a total. @throws RangeError when a number isn't finite. */
export function contributions(groups: readonly { group: string; before: number; after: number }[]): Contributions {
  for (const { group, before, after } of groups) {
    if (!Number.isFinite(before) || !Number.isFinite(after)) throw new RangeError(`group ${group}: expected finite numbers`);
  }
  const before = sum(groups.map((g) => g.before));
  const after = sum(groups.map((g) => g.after));
  const change = after - before;
  return {
    before,
    after,
    change,
    growth: before > 0 ? change / before : null,
    groups: groups.map((g) => ({
      ...g,
      change: g.after - g.before,
      growth: g.before > 0 ? (g.after - g.before) / g.before : null,
      contribution: before > 0 ? (g.after - g.before) / before : null,
    })),
  };
}

export interface RatioBridge {
  before: number;
  after: number;
  change: number;
  /** Change within groups. */
  within: number;
  /** Denominator moving between groups of higher and lower ratio. */
  mix: number;
  groups: { group: string; before: number | null; after: number | null; within: number; mix: number }[];
}

/**
 * Change of a ratio of totals (conversion, AOV, return share) into the change within groups and the mix of groups, exact and
 * symmetric: with r the group's ratio, w its share of the denominator, R the mean of the two totals: within = w̄·Δr,
 * mix = Δw·(r̄ − R). A group absent from one period moves by mix alone. Null where a total denominator is 0.
 * @throws RangeError when a number isn't finite or a denominator is negative.
 */
export function ratioBridge(
  groups: readonly {
    group: string;
    numeratorBefore: number;
    denominatorBefore: number;
    numeratorAfter: number;
    denominatorAfter: number;
  }[],
): RatioBridge | null {
  for (const g of groups) {
    const all = g.numeratorBefore + g.denominatorBefore + g.numeratorAfter + g.denominatorAfter;
    if (!(g.denominatorBefore >= 0 && g.denominatorAfter >= 0 && Number.isFinite(all))) {
      throw new RangeError(`group ${g.group}: expected finite numbers and denominators of at least 0`);
    }
    if ((g.denominatorBefore === 0 && g.numeratorBefore !== 0) || (g.denominatorAfter === 0 && g.numeratorAfter !== 0)) {
      throw new RangeError(`group ${g.group}: expected a numerator of 0 where the denominator is 0`);
    }
  }
  const allBefore = sum(groups.map((g) => g.denominatorBefore));
  const allAfter = sum(groups.map((g) => g.denominatorAfter));
  if (allBefore === 0 || allAfter === 0) return null;
  const before = sum(groups.map((g) => g.numeratorBefore)) / allBefore;
  const after = sum(groups.map((g) => g.numeratorAfter)) / allAfter;
  const parts = groups.map((g) => {
    const r0 = g.denominatorBefore > 0 ? g.numeratorBefore / g.denominatorBefore : null;
    const r1 = g.denominatorAfter > 0 ? g.numeratorAfter / g.denominatorAfter : null;
    const from = r0 ?? r1 ?? 0;
    const to = r1 ?? r0 ?? 0;
    const w0 = g.denominatorBefore / allBefore;
    const w1 = g.denominatorAfter / allAfter;
    return {
      group: g.group,
      before: r0,
      after: r1,
      within: ((w0 + w1) / 2) * (to - from),
      mix: (w1 - w0) * ((from + to) / 2 - (before + after) / 2),
    };
  });
  return {
    before,
    after,
    change: after - before,
    within: sum(parts.map((p) => p.within)),
    mix: sum(parts.map((p) => p.mix)),
    groups: parts,
  };
}
