import type { Finding } from '#contract/finding.ts';
import type { Formatter } from '#contract/format.ts';
import type { Tone } from './delta.ts';

const toneOf = { good: 'good', bad: 'bad', neutral: 'flat' } as const satisfies Record<Finding['direction'], Tone>;
const kindWords = { change: 'Change', state: 'State', nothing: 'Nothing found' } as const;

export interface FindingView {
  anchor: string;
  claim: string;
  detail: string;
  tone: Tone;
  kind: string;
  effect: string;
  /** 'High: XmR limits over 52 weeks, n 1,234, adjusted p below 0.001'. */
  evidence: string;
  certainty: string;
  stake: string;
  stakeBasis: string;
  /** Anchor of the figure or table that proves it; empty where it is not in this report. */
  proof: string;
}

export function findingView(finding: Finding, format: Formatter, anchors: { own: string; proof: string }): FindingView {
  const { evidence, effect, stake } = finding;
  return {
    anchor: anchors.own,
    claim: finding.claim,
    detail: finding.detail,
    tone: toneOf[finding.direction],
    kind: kindWords[finding.kind],
    effect: effect ? effectText(effect, format) : '',
    evidence: [evidence.rule, `n ${format.count(evidence.n)}`, ...(evidence.p === undefined ? [] : [pText(evidence.p, format)])].join(', '),
    certainty: capital(evidence.level),
    stake: stake ? stakeText(stake, format) : '',
    stakeBasis: stake?.basis ?? '',
    proof: anchors.proof,
  };
}

/** '+3.1 pt (1.9 to 4.2 pt, 95% interval)'. */
export function effectText({ value, unit, interval }: NonNullable<Finding['effect']>, format: Formatter): string {
  const limits = interval ? ` (${format.signed(interval.low, unit)} to ${format.signed(interval.high, unit)}, ${interval.basis})` : '';
  return `${format.signed(value, unit)}${limits}`;
}

/** '€12.4k a year (€8.1k to €15.0k)'. */
export function stakeText({ value, low, high }: NonNullable<Finding['stake']>, format: Formatter): string {
  const isPoint = low === value && high === value;
  return `${format.money(value)} a year${isPoint ? '' : ` (${format.money(low)} to ${format.money(high)})`}`;
}

function pText(p: number, format: Formatter): string {
  const floor = 0.01;
  return p < floor ? `adjusted p below ${format.ratio(floor)}` : `adjusted p ${format.ratio(p)}`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
