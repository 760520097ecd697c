import type { Polarity } from '#contract/metric.ts';
import type { Row } from '#contract/row.ts';
import { number } from './options.ts';
import { C } from './theme.ts';

export interface SignalOptions {
  y: string;
  /** Columns of the expected range, drawn as a shaded band. */
  band?: { low: string; high: string } | undefined;
  /** Which way is good: signals follow it as the tiles do. Without it each is a warning. */
  polarity?: Polarity | undefined;
}

/** Colour of a marked point: teal on the good side of its expected range, orange on the bad, ink where there is no good side. */
export function signalColour(row: Row, { y, band, polarity }: SignalOptions): string {
  if (polarity === undefined || !band) return C.signal;
  const [value, low, high] = [number(row, y), number(row, band.low), number(row, band.high)];
  const side = value === null ? 0 : high !== null && value > high ? 1 : low !== null && value < low ? -1 : 0;
  if (polarity === 'none' || side === 0) return C.ink;
  return side > 0 === (polarity === 'up') ? C.accent : C.signal;
}
