import type { Figure } from '#contract/figure.ts';
import { columns } from './bar.ts';
import { assemble, type ChartOptions } from './options.ts';

export interface HistogramOptions extends ChartOptions {
  /** Column of the bins as they are printed ('€20–40', '3'), one row each, in order. */
  bin: string;
  /** Column of how many (or which share) fall into the bin. */
  value: string;
  /** Column of the bins in colour; without it all are. */
  emphasis?: string | undefined;
  /** What is binned: 'Order value, €'. */
  xTitle?: string | undefined;
}

/** Touching bars over ordered bins. */
export function histogram(options: HistogramOptions): Figure {
  const { bin, value, emphasis } = options;
  return assemble('Histogram', options, (variant) => columns({ ...options, x: bin, y: value, color: emphasis }, variant, 0.06));
}
