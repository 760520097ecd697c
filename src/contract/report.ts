/** A report: who reads it, how deep, and which analyses in which order. */
export interface Report {
  id: string;
  title: string;
  /** Who reads it and decides what by it. */
  reader: string;
  depth: 'overview' | 'in-depth';
  /** Ids of analyses, in reading order. */
  sections: string[];
}

export function defineReport(report: Report): Report {
  return report;
}
