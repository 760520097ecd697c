import type { Context } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import type { Table } from '#contract/table.ts';
import { sentence, spelled } from '../shared/words.ts';
import { type ColumnFacts, type DataFacts, plain, reasonWords, treatmentWords } from './facts.ts';

export function tablesOf({ entities, relationships, tests, exclusions, profile }: DataFacts, { format, asOf }: Context): Table[] {
  const broken = tests.filter(({ passed }) => !passed).toSorted((a, b) => b.failed - a.failed || (a.model < b.model ? -1 : 1));
  const share = ({ nulls, rows }: ColumnFacts) => (rows > 0 ? nulls / rows : 0);
  const odd = profile
    .filter(({ negative, empty, literal_null, nulls }) => negative + empty + literal_null + nulls > 0)
    .toSorted((a, b) => share(b) - share(a));
  const total = entities.reduce((sum, { rows }) => sum + rows, 0);
  const lost = relationships.reduce((sum, { orphans }) => sum + (orphans ?? 0), 0);
  return [
    {
      id: 'entities',
      title: prose`${format.count(total)} rows stand behind the reports`,
      subtitle: prose`Tables as the reports see them, up to ${format.date(asOf)}`,
      columns: [
        { key: 'table', label: 'Table', type: 'text' },
        { key: 'grain', label: 'What one row is', type: 'text' },
        { key: 'rows', label: 'Rows', type: 'count' },
        { key: 'newest', label: 'Newest row', type: 'date' },
        { key: 'age', label: 'Days behind', type: 'count' },
      ],
      rows: entities.map(({ model, grain, rows, latest, age }) => ({
        table: plain(model),
        grain: grain.replace(/^one row /, '').replace(/ (?:placed |received )?before the wall$/, ''),
        rows,
        newest: latest?.slice(0, 10) ?? null,
        age,
      })),
      total: { table: 'All tables', grain: null, rows: total, newest: null, age: null },
    },
    {
      id: 'relationships',
      title: lost > 0 ? prose`${format.count(lost)} references lead nowhere` : prose`Every reference leads somewhere`,
      subtitle: prose`References from one table to another; empty ones are not counted`,
      columns: [
        { key: 'from', label: 'From', type: 'text' },
        { key: 'to', label: 'To', type: 'text' },
        { key: 'cardinality', label: 'Kind', type: 'text' },
        { key: 'rows', label: 'References', type: 'count' },
        { key: 'orphans', label: 'Lead nowhere', type: 'count' },
      ],
      rows: relationships.map((r) => ({
        from: `${plain(r.from_model)}.${r.from_column}`,
        to: plain(r.to_model),
        cardinality: r.cardinality,
        rows: r.rows,
        orphans: r.orphans,
      })),
    },
    {
      id: 'columns',
      title: sentence(
        prose`${format.word(odd.length)} of ${format.count(profile.length)} columns ${odd.length === 1 ? 'has' : 'have'} gaps or odd values`,
      ),
      subtitle: prose`Columns with missing, negative or empty values, or the word null. A gap can be right: what has not been returned has no time of return.`,
      columns: [
        { key: 'column', label: 'Column', type: 'text' },
        { key: 'rows', label: 'Rows', type: 'count' },
        { key: 'missing', label: 'Missing', type: 'count' },
        { key: 'share', label: 'Missing, share', type: 'share' },
        { key: 'negative', label: 'Below zero', type: 'count' },
        { key: 'empty', label: 'Empty or “null”', type: 'count' },
      ],
      rows: odd.map(({ table, column, rows, nulls, negative, empty, literal_null }) => ({
        ...{
          column: `${plain(table)}.${column}`,
          rows,
          missing: nulls,
          share: rows > 0 ? nulls / rows : null,
          negative,
          empty: empty + literal_null,
        },
      })),
    },
    {
      id: 'exclusions',
      title: sentence(
        prose`${spelled(format, exclusions.length, 'group')} of rows ${exclusions.length === 1 ? 'is' : 'are'} left out, corrected or kept with a gap`,
      ),
      subtitle: prose`Up to ${format.date(asOf)}, by raw table`,
      columns: [
        { key: 'table', label: 'Table', type: 'text' },
        { key: 'reason', label: 'What they are', type: 'text' },
        { key: 'treatment', label: 'What was done', type: 'text' },
        { key: 'rows', label: 'Rows', type: 'count' },
        { key: 'share', label: 'Share of the table', type: 'share' },
      ],
      rows: exclusions.map((e) => ({
        table: plain(e.table_name),
        reason: reasonWords(e.reason),
        treatment: treatmentWords[e.treatment],
        rows: e.excluded_rows,
        share: e.share,
      })),
    },
    {
      id: 'tests',
      title:
        broken.length > 0
          ? prose`${format.count(broken.length)} data tests do not pass`
          : prose`All ${format.count(tests.length)} data tests pass`,
      subtitle: broken.length > 0 ? prose`Tests with rows that break them` : prose`Tests by kind`,
      columns: [
        { key: 'model', label: broken.length > 0 ? 'Model' : 'Kind', type: 'text' },
        { key: 'test', label: broken.length > 0 ? 'Test' : 'What must hold', type: 'text' },
        { key: 'rows', label: broken.length > 0 ? 'Rows' : 'Tests', type: 'count' },
        { key: 'failed', label: 'Do not pass', type: 'count' },
      ],
      rows:
        broken.length > 0
          ? broken.map(({ model, test, column, rows, failed }) => ({
              model: plain(model),
              test: `${plain(test)}: ${column}`,
              rows,
              failed,
            }))
          : kinds.flatMap(([kind, words]) => {
              const n = tests.filter(({ test }) => test === kind).length;
              return n > 0 ? [{ model: plain(kind), test: words, rows: n, failed: 0 }] : [];
            }),
    },
  ];
}

const kinds: [string, string][] = [
  ['unique', 'the key of a table occurs once'],
  ['not_null', 'columns that must be filled are'],
  ['relationships', 'a reference leads to a row'],
  ['accepted_values', 'only known values occur'],
  ['reconciliation', 'sums of two models agree'],
];
