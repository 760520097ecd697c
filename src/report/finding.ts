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
  /** '1.9 to 4.2 pt, 95% interval'. */
  effectLimits: string;
  /** 'High: XmR limits over 52 weeks, n 1,234, adjusted p below 0.001'. */
  evidence: string;
  certainty: string;
  stake: string;
  stakeLimits: string;
  stakeBasis: string;
  /** Anchor of the figure or table that proves it; empty where it is not in this report. */
  proof: string;
}

export function findingView(finding: Finding, format: Formatter, anchors: { own: string; proof: string }): FindingView {
  const { evidence, effect, stake } = finding;
  return {
    anchor: anchors.own,
    claim: headline(finding.claim),
    detail: finding.detail,
    tone: toneOf[finding.direction],
    kind: kindWords[finding.kind],
    effect: effect ? format.signed(effect.value, effect.unit) : '',
    effectLimits: effect ? effectLimits(effect, format) : '',
    evidence: [
      capital(evidence.rule),
      `n ${format.count(evidence.n)}`,
      ...(evidence.p === undefined ? [] : [pText(evidence.p, format)]),
    ].join(', '),
    certainty: capital(evidence.level),
    stake: stake ? `${format.money(stake.value)} ${stakePeriod(stake)}` : '',
    stakeLimits: stake ? stakeLimits(stake, format) : '',
    stakeBasis: capital(stake?.basis ?? ''),
    proof: anchors.proof,
  };
}

/** '+3.1 pt (+1.9 pt to +4.2 pt, 95% interval)'. */
export function effectText(effect: NonNullable<Finding['effect']>, format: Formatter): string {
  const limits = effectLimits(effect, format);
  return `${format.signed(effect.value, effect.unit)}${limits ? ` (${limits})` : ''}`;
}

/** '€12.4k a year (€8.1k to €15.0k)'. */
export function stakeText(stake: NonNullable<Finding['stake']>, format: Formatter): string {
  const limits = stakeLimits(stake, format);
  return `${format.money(stake.value)} ${stakePeriod(stake)}${limits ? ` (${limits})` : ''}`;
}

export function stakePeriod({ once }: NonNullable<Finding['stake']>): string {
  return once ? 'once' : 'a year';
}

/** '€8.1k to €15.0k'; empty for a point. */
export function stakeLimits({ low, high }: NonNullable<Finding['stake']>, format: Formatter): string {
  return low === high ? '' : `${format.money(low)} to ${format.money(high)}`;
}

function effectLimits({ unit, interval }: NonNullable<Finding['effect']>, format: Formatter): string {
  return interval ? `${format.signed(interval.low, unit)} to ${format.signed(interval.high, unit)}, ${interval.basis}` : '';
}

/** A claim as a heading: without its full stop. */
export function headline(claim: string): string {
  return claim.replace(/\.$/, '');
}

function pText(p: number, format: Formatter): string {
  const floor = 0.01;
  return p < floor ? `adjusted p below ${format.ratio(floor)}` : `adjusted p ${format.ratio(p)}`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
