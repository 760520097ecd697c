import type { Formatter } from '#contract/format.ts';
import type { Comparison, Metric, Polarity, Unit } from '#contract/metric.ts';

export type Tone = 'good' | 'bad' | 'flat';

/** A change as printed: sign, arrow and word say the same thing as the colour. */
export interface Delta {
  /** '+6.1%' or, for shares, '+0.9 pt'; an en dash when it can't be told. */
  text: string;
  word: 'up' | 'down' | 'unchanged' | 'not known';
  arrow: 'up' | 'down' | 'none';
  tone: Tone;
  /** '€1.73M'. */
  base: string;
  /** 'prior week'. */
  of: Comparison['label'];
}

/** Change of a metric on a comparison: relative, or percentage points for shares. */
export function delta(metric: Pick<Metric, 'value' | 'unit' | 'polarity'>, comparison: Comparison, format: Formatter): Delta {
  const { value, unit, polarity } = metric;
  const change = difference(value, comparison.value, unit);
  const text = unit === 'share' ? format.points(change) : format.change(change);
  const isZero = !/[1-9]/.test(text);
  const sign = change === null || isZero ? 0 : Math.sign(change);
  return {
    text,
    word: change === null ? 'not known' : sign === 0 ? 'unchanged' : sign > 0 ? 'up' : 'down',
    arrow: sign === 0 ? 'none' : sign > 0 ? 'up' : 'down',
    tone: toneOf(sign, polarity),
    base: format.unit(comparison.value, unit),
    of: comparison.label,
  };
}

/** Colour follows polarity: more is not always good. */
export function toneOf(sign: number, polarity: Polarity): Tone {
  if (sign === 0 || polarity === 'none') return 'flat';
  return sign > 0 === (polarity === 'up') ? 'good' : 'bad';
}

function difference(value: number | null, base: number | null, unit: Unit): number | null {
  if (value === null || base === null) return null;
  if (unit === 'share') return value - base;
  return base === 0 ? null : (value - base) / Math.abs(base);
}
