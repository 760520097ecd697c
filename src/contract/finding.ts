import type { Interval, Polarity, Unit } from './metric.ts';

/** How sure a finding is, and by what rule it was called. */
export interface Evidence {
  level: 'high' | 'medium' | 'low';
  /** 'XmR limits over 52 weeks', 'BH-adjusted p over 26 categories'. */
  rule: string;
  /** Adjusted for the number of hypotheses tested. */
  p?: number;
  n: number;
}

/** A claim that the data carries. All text is made with `prose`, so that no number in it is typed. */
export interface Finding {
  id: string;
  /** One sentence: what is so. */
  claim: string;
  /** One to three sentences: why we think so, and what limits it. */
  detail: string;
  /** `change`: something moved; `state`: something is so; `nothing`: tested and not found. */
  kind: 'change' | 'state' | 'nothing';
  effect?: { value: number; unit: Unit; interval?: Interval };
  evidence: Evidence;
  /**
   * Money at stake in the shop's currency, with its interval where it is an estimate: per year, or `once` for what has happened and does
   * not recur. Null where money is not at stake.
   */
  stake: { value: number; low: number; high: number; basis: string; once?: boolean } | null;
  direction: 'good' | 'bad' | 'neutral';
  polarity?: Polarity;
  /** What to do next; absent for findings that ask for nothing. */
  action?: { do: string; why: string; owner: string; within: 'this week' | 'this month' | 'this quarter' };
  /** Id of the figure or table that proves it. */
  proof: string;
}
