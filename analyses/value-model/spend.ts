import type { Formatter } from '#contract/format.ts';
import { expectedSpend, fitGammaGamma, type GammaGamma, type GammaGammaFit } from '#stats/clv/gamma-gamma.ts';
import { degeneracyWords } from './candidate.ts';
import type { SpendRows } from './input.ts';

/** How the value of a purchase to come is expected. */
export type SpendRule =
  /** Gamma-Gamma: own mean and that of all, weighed by the model. */
  | 'model'
  /** Gamma-Gamma whose mean is infinite or implausible: own and cohort mean in proportion px : q. */
  | 'shrunk'
  /** Gamma-Gamma with the common mean by frequency, as frequent buyers spend unlike others. */
  | 'by-frequency'
  /** The mean of all repeat buyers for everybody. */
  | 'pooled'
  /** The mean of all purchases, as nobody bought again. */
  | 'all-purchases';

export interface SpendModel {
  rule: SpendRule;
  /** Of the distribution of values, also where the expected value goes another way. */
  parameters: GammaGamma;
  /** Null where there was nothing to fit to. */
  fit: GammaGammaFit | null;
  /** Why Gamma-Gamma isn't used as it is, in words. */
  refused: string[];
  /** Mean over repeat buyers of their mean value, or the mean of all purchases. */
  usual: number;
  /** Expected value of a purchase to come is base + own × m. */
  base(x: number): number;
  own(x: number): number;
  /** Factor on v, and on the expected value, for customers of this frequency: 1 without a line. */
  factor(x: number): number;
  /** The factor is 1 + slope·(ln(1 + x) − centre), from a third to three; null where spend does not go by frequency. */
  line: Line | null;
}

interface Line {
  slope: number;
  centre: number;
}

/** Values that do not differ between customers: Gamma-Gamma at its limit. */
const alike = 1e6;

function pooled(rule: SpendRule, mean: number, p: number, refused: string[], fit: GammaGammaFit | null): SpendModel {
  return {
    ...{ rule, refused, fit, usual: mean },
    parameters: { p, q: alike, v: Math.max((mean * (alike - 1)) / p, 1e-9) },
    ...{ base: () => mean, own: () => 0, factor: () => 1, line: null },
  };
}

/**
 * Value of purchases to come from the repeat purchases so far; without any from all purchases.
 * @param all value and number of all purchases, first ones too.
 */
export function spendModel(rows: SpendRows, all: { value: number; purchases: number }, format: Formatter): SpendModel {
  const buyers = rows.x.some((x, i) => x > 0 && rows.m[i]! > 0);
  if (!buyers) {
    const mean = all.purchases > 0 ? Math.max(0, all.value / all.purchases) : 0;
    return pooled('all-purchases', mean, 1, ['no repeat purchase has a value'], null);
  }
  const fit = fitGammaGamma(rows, { notPositive: 'leave-out' });
  const refused = fit.degenerate.map((one) => degeneracyWords(one, format));
  if (refused.length > 0) return pooled('pooled', fit.cohortMean, evenness(rows, fit.cohortMean), refused, fit);
  const { p, q, v } = fit.parameters;
  const common = { parameters: { p, q, v }, fit, usual: fit.cohortMean };
  if (fit.mean.rule === 'shrunk') {
    const why = fit.mean.because === 'infinite-mean' ? 'its mean is infinite' : 'its mean is over twice that of the repeat buyers';
    const own = (x: number) => (p * x) / (q + p * x);
    return { ...common, rule: 'shrunk', refused: [why], base: (x) => fit.cohortMean * (1 - own(x)), own, factor: () => 1, line: null };
  }
  const line = fit.correlation.isCorrelated ? lineOf(rows, fit.cohortMean) : null;
  const factor = (x: number) => (line ? Math.min(3, Math.max(1 / 3, 1 + line.slope * (Math.log1p(x) - line.centre))) : 1);
  return {
    ...{ ...common, factor, line, rule: fit.correlation.isCorrelated ? 'by-frequency' : 'model' },
    refused: fit.correlation.isCorrelated ? ['frequency and spend are correlated'] : [],
    base: (x) => factor(x) * expectedSpend(fit, x, 0),
    own: (x) => (x > 0 ? (p * x) / (p * x + q - 1) : 0),
  };
}

/** Shape of one purchase's value from how much the means scatter: all of it counted as chance. */
function evenness({ x, m, weight }: SpendRows, mean: number): number {
  let squares = 0;
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    squares += weight[i]! * x[i]! * (m[i]! - mean) ** 2;
    n += weight[i]!;
  }
  return squares > 0 ? Math.min(1e4, Math.max(0.1, (mean * mean * n) / squares)) : 1e4;
}

/** Mean value by frequency over that of all, as a line in ln(1 + x) by least squares. */
function lineOf({ x, m, weight }: SpendRows, mean: number): Line {
  let [n, sx, sm, sxx, sxm] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (!(m[i]! > 0)) continue;
    const [w, u] = [weight[i]!, Math.log1p(x[i]!)];
    n += w;
    sx += w * u;
    sm += w * m[i]!;
    sxx += w * u * u;
    sxm += w * u * m[i]!;
  }
  return { slope: (sxm - (sx * sm) / n) / (sxx - (sx * sx) / n) / mean, centre: sx / n };
}
