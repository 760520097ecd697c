import type { Row } from './row.ts';

/** Compiled by the chart grammar; a Vega-Lite or Vega specification without its rows, which the figure carries. */
export type Spec = Record<string, unknown> & { $schema: string };

/** A chart with its claim, its rows and its words. */
export interface Figure {
  id: string;
  /** A claim recomputed from the plotted rows. */
  title: string;
  /** Measure, unit and period. */
  subtitle: string;
  /** 'Line chart of weekly net revenue where …'. */
  alt: string;
  /** `full` is 642 CSS px, `half` 306 CSS px wide. */
  width: 'full' | 'half';
  /** The plotted rows; data set `rows` of the specification; downloadable as CSV. */
  rows: Row[];
  /** Further named data sets (a map's outlines, a band), not downloadable. */
  spec: Spec;
  /** For phones, 340 CSS px wide; absent where `spec` is narrow enough. */
  narrow?: Spec;
  /** At half width, for a place beside another; absent where `spec` has that width. */
  half?: Spec;
  /** A line under the chart: what is left out, what the marks mean. */
  note?: string;
}
