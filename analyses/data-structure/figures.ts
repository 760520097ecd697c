import { erd } from '#chart/erd.ts';
import type { Context } from '#contract/analysis.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import { sentence, spelled } from '../shared/words.ts';
import { type DataFacts, plain } from './facts.ts';

export function figuresOf(facts: DataFacts, { format, asOf }: Context): { figures: Figure[]; omitted: Record<string, string> } {
  const filled = facts.entities.filter(({ rows }) => rows > 0);
  const names = new Set(filled.map(({ model }) => model));
  const links = facts.relationships.filter(({ from_model, to_model }) => names.has(from_model) && names.has(to_model));
  const linked = new Set(links.flatMap(({ from_model, to_model }) => [from_model, to_model]));
  const rows = filled.reduce((sum, entity) => sum + entity.rows, 0);
  const largest = filled.toSorted((a, b) => b.rows - a.rows)[0];
  const figures: Figure[] = [];
  const omitted: Record<string, string> = {};
  if (largest) {
    figures.push(
      erd({
        id: 'erd',
        format,
        title: sentence(
          linked.size === filled.length
            ? prose`${spelled(format, filled.length, 'table')} hang together by ${spelled(format, links.length, 'key')}`
            : prose`${format.word(linked.size)} of ${spelled(format, filled.length, 'table')} hang together by ${spelled(format, links.length, 'key')}`,
        ),
        subtitle: prose`Tables as the reports see them, with rows up to ${format.date(asOf)}. A line runs from a key to the table it refers to.`,
        of: 'the tables and their keys',
        reason: prose`${plain(largest.model)} is the largest with ${format.count(largest.rows)} of ${format.count(rows)} rows`,
        tables: filled.map(({ model, rows: count }) => ({
          name: plain(model),
          rows: count,
          columns: facts.columns
            .filter((column) => column.model === model)
            .map(({ column, type, is_key, refers_to }) => ({
              name: column,
              type,
              key: is_key ? 'primary' : refers_to ? 'foreign' : undefined,
            })),
        })),
        links: links.map(({ from_model, from_column, to_model, to_column }) => ({
          from: plain(from_model),
          to: plain(to_model),
          fromColumn: from_column,
          toColumn: to_column,
        })),
      }),
    );
  } else omitted.erd = prose`no table has a row up to ${format.date(asOf)}`;
  return { figures, omitted };
}
