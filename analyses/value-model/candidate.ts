import type { Formatter } from '#contract/format.ts';
import { listed, prose } from '#contract/prose.ts';
import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import type { Compressed } from '#stats/clv/compress.ts';
import type { Degeneracy, Fit } from '#stats/clv/fit.ts';
import type { Law } from '#stats/clv/law.ts';
import { fitMbgNbd, mbgNbd } from '#stats/clv/mbg-nbd.ts';
import { fitNbd, nbd } from '#stats/clv/nbd.ts';
import { fitParetoNbd, paretoNbd } from '#stats/clv/pareto-nbd.ts';
import type { PurchaseModel } from '#stats/clv/value.ts';

export type CandidateId = 'bg-nbd' | 'mbg-nbd' | 'pareto-nbd' | 'nbd';
export type Parameters = Record<string, number>;

interface Candidate {
  id: CandidateId;
  name: string;
  /** Whether customers can leave in it. */
  hasDropout: boolean;
  law: Law<Parameters>;
  fit(rows: Compressed): Fit<string>;
}

/** A law of named parameters, as one of parameters by name. */
export const general = <P>(law: Law<P>) => law as unknown as Law<Parameters>;

/** In the order of their printing. */
export const candidates: readonly Candidate[] = [
  { id: 'bg-nbd', name: 'BG/NBD', hasDropout: true, law: general(bgNbd), fit: (rows) => fitBgNbd(rows) },
  { id: 'mbg-nbd', name: 'MBG/NBD', hasDropout: true, law: general(mbgNbd), fit: (rows) => fitMbgNbd(rows) },
  { id: 'pareto-nbd', name: 'Pareto/NBD', hasDropout: true, law: general(paretoNbd), fit: (rows) => fitParetoNbd(rows) },
  { id: 'nbd', name: 'NBD', hasDropout: false, law: general(nbd), fit: (rows) => fitNbd(rows) },
];

/** A candidate with what became of its fit. */
export interface Fitted {
  candidate: Candidate;
  /** Null where there was nothing to fit to. */
  fit: Fit<string> | null;
  /** Why it must not be used, in words; empty for a fit that stands. */
  refused: string[];
}

/** Fits a candidate to histories in weeks; what can't be fitted, or is degenerate, is refused in words. */
export function fitCandidate(candidate: Candidate, rows: Compressed, format: Formatter): Fitted {
  if (!rows.frequencies.some((x) => x > 0)) return { candidate, fit: null, refused: ['no customer bought again'] };
  if (!rows.T.some((T) => T > 0)) return { candidate, fit: null, refused: ['no customer was seen for a day'] };
  const fit = candidate.fit(rows);
  return { candidate, fit, refused: fit.degenerate.map((one) => degeneracyWords(one, format)) };
}

export function modelOf({ candidate, fit }: Fitted): PurchaseModel<'week', Parameters> {
  return { law: candidate.law, parameters: fit!.parameters, unit: 'week' };
}

const symbols: Record<string, string> = { alpha: 'α', beta: 'β' };
const symbol = (name: string) => symbols[name] ?? name;

/** Why a fit is degenerate, to follow 'refused:'. */
export function degeneracyWords(one: Degeneracy<string>, format: Formatter): string {
  switch (one.kind) {
    case 'border':
      return prose`${symbol(one.parameter)} runs to ${one.value < 1 ? 'zero' : 'infinity'}`;
    case 'singular':
      return prose`the data leave ${listed(one.parameters.map(symbol))} open`;
    case 'uncertain':
      return prose`the standard error of ${symbol(one.parameter)} is ${format.ratio(one.ratio)} times its value`;
    case 'ridge':
      return prose`${listed(one.parameters.map(symbol))} can move together by a factor of ${format.count(Math.exp(one.sd))} at hardly any loss`;
    case 'unconverged':
      return 'the search for its parameters did not end';
  }
}
