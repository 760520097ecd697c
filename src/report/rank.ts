import type { Finding } from '#contract/finding.ts';

const certaintyOf = { high: 1, medium: 0.6, low: 0.3 } as const;

/** A finding with the analysis that made it. */
export interface Ranked {
  analysis: string;
  finding: Finding;
}

/** 0 to 1: by the evidence level, halved where the interval of the stake holds zero; zero for 'tested and not found'. */
export function certainty(finding: Finding): number {
  if (finding.kind === 'nothing') return 0;
  const { stake, evidence } = finding;
  const isOpen = stake !== null && stake.low < 0 && stake.high > 0;
  return certaintyOf[evidence.level] * (isOpen ? 0.5 : 1);
}

/** Value at stake per year × certainty, in the shop's currency, from zero. Zero where no money is at stake. */
export function score(finding: Finding): number {
  return finding.stake === null ? 0 : Math.abs(finding.stake.value) * certainty(finding);
}

/** Groups of findings, in the order in which they are printed. */
export const tiers = ['lasting', 'possible', 'past', 'unpriced'] as const;
export type Tier = (typeof tiers)[number];

/**
 * What is measured to have moved and goes on, before what could be won if something changed, before what is over. Only findings with money
 * at stake are told apart: a small measured change must not hide behind a large supposition.
 */
export function tierOf(finding: Finding): Tier {
  if (score(finding) === 0) return 'unpriced';
  return finding.stake?.once ? 'past' : finding.kind === 'change' ? 'lasting' : 'possible';
}

/** Measured changes, then what could be won, then what is past; in each the highest score first; then the surer, what moved before what is, the better founded, and the id: a total order. */
export function compareFindings(a: Finding, b: Finding): number {
  const kinds = { change: 0, state: 1, nothing: 2 } as const;
  return (
    tiers.indexOf(tierOf(a)) - tiers.indexOf(tierOf(b)) ||
    score(b) - score(a) ||
    certainty(b) - certainty(a) ||
    kinds[a.kind] - kinds[b.kind] ||
    b.evidence.n - a.evidence.n ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Findings over analyses, ranked; ties keep the order of the analyses. The input is left as it is. */
export function rankFindings(parts: { analysis: string; findings: Finding[] }[]): Ranked[] {
  return parts
    .flatMap(({ analysis, findings }) => findings.map((finding) => ({ analysis, finding })))
    .sort((a, b) => compareFindings(a.finding, b.finding));
}
