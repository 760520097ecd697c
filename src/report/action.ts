import { intervalBar } from '#chart/spark.ts';
import type { Formatter } from '#contract/format.ts';
import { capital, effectText, stakePeriod, stakeText } from './finding.ts';
import type { Ranked } from './rank.ts';
import { safe } from './template.ts';
import { sentence } from './words.ts';

export interface ActionView {
  number: string;
  do: string;
  why: string;
  /** Interval bar of the value at stake; null where no money is at stake. */
  bar: ReturnType<typeof safe> | null;
  stakeLabel: string;
  /** In words, where there is no bar. */
  stake: string;
  /** '€12.4k a year', or an en dash. */
  amount: string;
  basis: string;
  confidence: string;
  rule: string;
  owner: string;
  within: string;
}

/** Numbered decisions of ranked findings; those without an action are left out, and the same decision stands once. */
export function actionViews(ranked: Ranked[], format: Formatter, most = Number.POSITIVE_INFINITY): ActionView[] {
  return ranked
    .filter(({ finding }, i, all) => finding.action && all.findIndex((other) => other.finding.action?.do === finding.action?.do) === i)
    .slice(0, most)
    .map(({ finding }, i) => {
      const { stake, effect, evidence } = finding;
      const action = finding.action!;
      return {
        number: format.count(i + 1),
        do: action.do,
        why: sentence(action.why),
        bar: stake
          ? safe(intervalBar(stake.value, stake.low, stake.high, { format, unit: 'money', label: stakeText(stake, format) }))
          : null,
        stakeLabel: stake ? `At stake, ${stakePeriod(stake)}` : 'Effect',
        stake: stake ? '' : effect ? effectText(effect, format) : 'Not in money',
        amount: stake ? `${format.money(stake.value)} ${stakePeriod(stake)}` : '–',
        basis: capital(stake?.basis ?? ''),
        confidence: capital(evidence.level),
        rule: capital(evidence.rule),
        owner: action.owner,
        within: capital(action.within),
      };
    });
}
