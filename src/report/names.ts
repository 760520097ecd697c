import type { PageModel } from './page.ts';
import { isAvailable } from './page.ts';

export type AnchorKind = 'section' | 'figure' | 'finding' | 'method' | 'page';

/** Anchors and file names of one report: unique, stable, and free of anything from the data. */
export interface Names {
  anchor(kind: AnchorKind, analysis: string, id?: string): string;
  /** 'data/weekly-overview-revenue.csv', relative to the report; the analysis joins in where two share an id. */
  file(analysis: string, id: string): string;
}

/** @returns names for a report; ids are checked by `checkPage`. */
export function namesOf(model: Pick<PageModel, 'report' | 'sections'>): Names {
  const owners = new Map<string, number>();
  for (const { result } of model.sections) {
    if (!isAvailable(result)) continue;
    for (const { id } of [...result.figures, ...result.tables]) owners.set(id, (owners.get(id) ?? 0) + 1);
  }
  return {
    anchor: (kind, analysis, id) => [kind, analysis, id].filter((part) => part !== undefined).join('-'),
    file: (analysis, id) => `data/${[model.report.id, ...((owners.get(id) ?? 0) > 1 ? [analysis] : []), id].join('-')}.csv`,
  };
}
