import { normalQuantile, normalTwoSided } from '#stats/distribution.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { shrinkMeans } from '#stats/shrink.ts';

/** Orders of a place in the span judged and in the spans that it is judged by. */
export interface PlaceOrders {
  name: string;
  now: number;
  /** The span before and, where it is known, the same span a year before. */
  base: number;
  /** Orders of each span of the base by itself. */
  bases: number[];
  /** Over the place's customers: sums of squares and products of their orders now and in the base. */
  nowNow: number;
  nowBase: number;
  baseBase: number;
  /** Money an order. */
  worth: number;
}

type Totals = Omit<PlaceOrders, 'name' | 'worth'>;

/** A place against what was to be expected: its own base, moved as all other places moved. */
export interface Growth extends PlaceOrders {
  expected: number;
  /** Orders over expected orders, with its interval. */
  ratio: number;
  low: number;
  high: number;
  /** The same, drawn to the mean of all places as far as chance explains their spread. */
  shrunk: { value: number; low: number; high: number; weight: number };
  /** BH-adjusted over the places judged. */
  p: number;
  isCalled: boolean;
  /** Differs from its base as a whole, but not from each span of it. */
  isUnconfirmed: boolean;
}

export const falseDiscovery = 0.05;
/** A place is called from this relative distance from its expectation on. */
export const growthFloor = 0.15;
/** A place is judged from this many expected orders on. */
export const leastExpected = 50;

/**
 * Judges places by the ratio of their orders to the orders to be expected, against chance as it is over customers (orders of one
 * customer come together) or over time, whichever is larger; adjusted by Benjamini and Hochberg. A place is called only where it differs in
 * the same direction from each span of its base by itself, too: one odd span a year ago is no signal. Called places leave, the clearest
 * first, the others by which the rest is judged: else a place that fades would make all others seem to grow.
 * @param totals the whole shop.
 * @param dispersion variance of counts over their mean, at least 1.
 * @returns places with enough expected orders, in the order given; none where there is only one place or nothing to compare with.
 */
export function judge(places: readonly PlaceOrders[], totals: Totals, dispersion: number): Growth[] {
  const apart: PlaceOrders[] = [];
  for (;;) {
    const judged = judgeOnce(places, totals, apart, dispersion);
    const next = judged
      .filter(({ place, growth }) => growth.isCalled && !apart.includes(place))
      .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.place.name < b.place.name ? -1 : 1))[0];
    if (!next) return judged.map(({ growth }) => growth);
    apart.push(next.place);
  }
}

interface Judged {
  place: PlaceOrders;
  z: number;
  growth: Growth;
}

function judgeOnce(places: readonly PlaceOrders[], totals: Totals, apart: readonly PlaceOrders[], dispersion: number): Judged[] {
  const estimates = places.flatMap((place) => {
    const rest = [place, ...apart.filter((other) => other !== place)].reduce<Totals>(less, totals);
    if (rest.now <= 0 || rest.base <= 0 || place.base <= 0) return [];
    const expected = (place.base * rest.now) / rest.base;
    if (expected < leastExpected) return [];
    // A half on both counts keeps a place without any order finite.
    const log = Math.log((place.now + 0.5) / (expected + 0.5));
    return [{ place, rest, expected, log, error: Math.sqrt(variance(place, dispersion) + variance(rest, dispersion)) }];
  });
  const half = normalQuantile(1 - (1 - defaultLevel) / 2);
  const p = benjaminiHochberg(estimates.map(({ log, error }) => normalTwoSided(log / error)));
  const shrunk = shrinkMeans(
    estimates.map(({ log }) => log),
    estimates.map(({ error }) => error),
  );
  return estimates.map(({ place, rest, expected, log, error }, i): Judged => {
    const { value, low, high, weight } = shrunk!.groups[i]!;
    const isFar = p[i]! <= falseDiscovery && Math.abs(place.now / expected - 1) >= growthFloor;
    const isConfirmed = place.bases.every((_, k) => agrees(place, rest, k, dispersion, Math.sign(log)));
    return {
      place,
      z: log / error,
      growth: {
        ...place,
        expected,
        ratio: place.now / expected,
        low: Math.exp(log - half * error),
        high: Math.exp(log + half * error),
        shrunk: { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high), weight },
        p: p[i]!,
        isCalled: isFar && isConfirmed,
        isUnconfirmed: isFar && !isConfirmed,
      },
    };
  });
}

function less(whole: Totals, part: Totals): Totals {
  return {
    now: whole.now - part.now,
    base: whole.base - part.base,
    bases: whole.bases.map((base, k) => base - part.bases[k]!),
    nowNow: whole.nowNow - part.nowNow,
    nowBase: whole.nowBase - part.nowBase,
    baseBase: whole.baseBase - part.baseBase,
  };
}

/** Whether a place differs from its k-th span alone, beyond chance and in the direction given. */
function agrees(place: PlaceOrders, rest: Totals, k: number, dispersion: number, sign: number): boolean {
  const [now, base, restNow, restBase] = [place.now, place.bases[k]!, rest.now, rest.bases[k]!];
  if (restNow <= 0 || restBase <= 0) return true;
  const log = Math.log(((now + 0.5) * restBase) / ((base + 0.5) * restNow));
  const error = Math.sqrt(dispersion * (1 / (now + 0.5) + 1 / (base + 0.5) + 1 / restNow + 1 / restBase));
  return Math.sign(log) === sign && normalTwoSided(log / error) <= falseDiscovery;
}

/** Variance of the log of orders now over orders of the base: customers as clusters, at least the quasi-Poisson one. */
function variance({ now, base, nowNow, nowBase, baseBase }: Totals, dispersion: number): number {
  const n = now + 0.5;
  const clusters = (nowNow + 0.5) / (n * n) - (2 * nowBase) / (n * base) + baseBase / (base * base);
  return Math.max(clusters, dispersion * (1 / n + 1 / base));
}

/**
 * Dispersion of counts about constant shares of each column's total: Pearson's chi-square over its degrees of freedom, at least 1.
 * @param counts a row a place, a column a week or a span of weeks.
 */
export function dispersionOf(counts: readonly (readonly number[])[]): number {
  const weeks = counts[0]?.length ?? 0;
  const columns = Array.from({ length: weeks }, (_, week) => counts.reduce((sum, row) => sum + row[week]!, 0));
  const whole = columns.reduce((a, b) => a + b, 0);
  const filled = columns.filter((column) => column > 0).length;
  const used = counts.map((row) => ({ row, total: row.reduce((a, b) => a + b, 0) })).filter(({ total }) => total >= weeks);
  const df = (used.length - 1) * (filled - 1);
  if (df < 1) return 1;
  let statistic = 0;
  for (const { row, total } of used) {
    row.forEach((count, week) => {
      const expected = (total * columns[week]!) / whole;
      if (expected > 0) statistic += (count - expected) ** 2 / expected;
    });
  }
  return Math.max(1, statistic / df);
}
