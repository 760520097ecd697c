import type { Finding } from '#contract/finding.ts';
import type { Formatter } from '#contract/format.ts';
import { listed, prose } from '#contract/prose.ts';
import { counted, sentence, spelled } from '../shared/words.ts';
import { type DataFacts, plain, reasonWords, treatmentWords } from './facts.ts';

interface Options {
  format: Formatter;
  /** Days after which a table is called late. */
  late: number;
  asOf: string;
}

export function findingsOf(facts: DataFacts, options: Options): Finding[] {
  return [
    testFinding(facts, options),
    keyFinding(facts, options),
    freshnessFinding(facts, options),
    ...oddFinding(facts, options),
    ...leftOutFinding(facts, options),
  ];
}

function testFinding({ tests }: DataFacts, { format }: Options): Finding {
  const broken = tests.filter(({ passed }) => !passed);
  const stopping = broken.filter(({ severity }) => severity === 'stop');
  const worst = broken.toSorted((a, b) => b.failed - a.failed || (a.model < b.model ? -1 : 1))[0];
  const evidence = { level: 'high' as const, rule: 'Every row of each table was looked at', n: tests.length };
  if (!worst) {
    return {
      ...{ id: 'tests', kind: 'nothing', direction: 'good', stake: null, proof: 'tests', evidence },
      claim: prose`All ${format.count(tests.length)} data tests pass`,
      detail: prose`Keys are unique, references lead somewhere, statuses are known ones, and sums of the models agree with each other.`,
    };
  }
  return {
    ...{ id: 'tests', kind: 'state', direction: stopping.length > 0 ? 'bad' : 'neutral', stake: null, proof: 'tests', evidence },
    claim: prose`${format.count(broken.length)} of ${format.count(tests.length)} data tests do not pass`,
    detail: prose`Most rows fail in ${plain(worst.model)}, column ${worst.column}: ${format.count(worst.failed)} of ${format.count(worst.rows)} rows.`,
    action: {
      do: prose`Correct ${plain(worst.model)} (${worst.column}) where the rows are made`,
      why: prose`${format.count(worst.failed)} rows break a rule on which the figures rest.`,
      owner: 'Data owner',
      within: stopping.length > 0 ? 'this week' : 'this month',
    },
  };
}

function keyFinding({ relationships }: DataFacts, { format }: Options): Finding {
  const broken = relationships.filter(({ orphans }) => (orphans ?? 0) > 0);
  const references = relationships.reduce((sum, { rows }) => sum + rows, 0);
  const orphans = broken.reduce((sum, { orphans: n }) => sum + (n ?? 0), 0);
  const names = listed(broken.map(({ from_model, to_model }) => `${plain(from_model)} to ${plain(to_model)}`));
  return {
    ...{
      id: 'keys',
      kind: broken.length > 0 ? 'state' : 'nothing',
      direction: broken.length > 0 ? 'bad' : 'good',
      stake: null,
      proof: 'relationships',
    },
    claim:
      broken.length > 0
        ? prose`${format.count(orphans)} of ${format.count(references)} references lead nowhere`
        : prose`All ${format.count(references)} references between tables lead somewhere`,
    detail:
      broken.length > 0
        ? prose`They run from ${names}. Their rows count in totals, and are missing where the other table is needed.`
        : sentence(
            prose`${spelled(format, relationships.length, 'relationship')} ${relationships.length === 1 ? 'was' : 'were'} followed row by row.`,
          ),
    evidence: { level: 'high', rule: 'Each key was looked up', n: references },
  };
}

function freshnessFinding({ entities }: DataFacts, { format, late, asOf }: Options): Finding {
  const dated = entities.filter(({ age, rows }) => age !== null && rows > 0);
  const stale = dated.filter(({ age }) => (age ?? 0) > late);
  const oldest = stale.toSorted((a, b) => (b.age ?? 0) - (a.age ?? 0))[0];
  const base = {
    id: 'freshness',
    stake: null,
    proof: 'entities',
    evidence: { level: 'high' as const, rule: 'Newest row of each table', n: dated.length },
  };
  if (!oldest) {
    return {
      ...base,
      ...{ kind: 'nothing', direction: 'good' },
      claim: prose`Every dated table reaches to within ${spelled(format, late, 'day')} of ${format.date(asOf)}`,
      detail: sentence(prose`${spelled(format, dated.length, 'table')} ${dated.length === 1 ? 'carries' : 'carry'} times.`),
    };
  }
  return {
    ...base,
    ...{ kind: 'state', direction: 'bad' },
    claim: prose`${listed(stale.map(({ model }) => plain(model)))} ${stale.length > 1 ? 'are' : 'is'} behind by more than ${format.count(late)} days`,
    detail: prose`The newest row of ${plain(oldest.model)} is ${format.count(oldest.age ?? 0)} days older than the end of the period.`,
    action: {
      do: prose`Load ${plain(oldest.model)} again`,
      why: prose`Figures that need it stand still.`,
      owner: 'Data owner',
      within: 'this week',
    },
  };
}

function oddFinding({ profile }: DataFacts, { format }: Options): Finding[] {
  const odd = profile.map((column) => ({ ...column, n: column.negative + column.empty + column.literal_null })).filter(({ n }) => n > 0);
  if (odd.length === 0) return [];
  const total = odd.reduce((sum, { n }) => sum + n, 0);
  const worst = odd.toSorted((a, b) => b.n - a.n || (a.column < b.column ? -1 : 1))[0] as (typeof odd)[number];
  return [
    {
      ...{ id: 'odd-values', kind: 'state', direction: 'neutral', stake: null, proof: 'columns' },
      claim: prose`${format.count(total)} values are odd: below zero, empty text, or the word null`,
      detail: prose`Most are in ${plain(worst.table)}, column ${worst.column}: ${format.count(worst.n)}.`,
      evidence: { level: 'high', rule: 'Every value was looked at', n: worst.rows },
    },
  ];
}

function leftOutFinding({ exclusions }: DataFacts, { format }: Options): Finding[] {
  const dropped = exclusions
    .filter(({ treatment }) => treatment === 'dropped')
    .toSorted((a, b) => b.excluded_rows - a.excluded_rows || (a.reason < b.reason ? -1 : 1));
  const largest = dropped[0];
  if (!largest) return [];
  const rows = dropped.reduce((sum, { excluded_rows }) => sum + excluded_rows, 0);
  const share = largest.share === null ? '' : ` (${format.share(largest.share)} of ${plain(largest.table_name)})`;
  return [
    {
      ...{ id: 'left-out', kind: 'state', direction: 'neutral', stake: null, proof: 'exclusions' },
      claim: prose`${counted(format, rows, 'row')} ${rows === 1 ? 'is' : 'are'} ${treatmentWords.dropped}`,
      detail:
        dropped.length === 1
          ? prose`${sentence(reasonWords(largest.reason))}: ${counted(format, largest.excluded_rows, 'row')}${share}.`
          : prose`The largest group: ${reasonWords(largest.reason)}, ${counted(format, largest.excluded_rows, 'row')}${share}.`,
      evidence: { level: 'high', rule: 'Counted', n: largest.excluded_rows },
    },
  ];
}
