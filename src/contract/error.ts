/** Process exit codes; each kind of failure has its own. */
export const exitCode = { ok: 0, failure: 1, usage: 2, source: 3, quality: 4, render: 5, interrupted: 130 } as const;

export type ErrorKind = 'usage' | 'source' | 'quality' | 'render';

/** What a person needs to mend a failure. `where` names the file, column, key or model. */
export interface Complaint {
  what: string;
  where?: string;
  expected?: string;
  found?: string;
  mend?: string;
}

/** A failure that a person can mend: says what, where, expected, found and how; its kind fixes the exit code. */
export class LookbookError extends Error {
  readonly kind: ErrorKind;
  readonly complaints: Complaint[];

  constructor(kind: ErrorKind, complaint: Complaint | Complaint[], options?: ErrorOptions) {
    const complaints = Array.isArray(complaint) ? complaint : [complaint];
    super(complaints.map(describe).join('\n'), options);
    this.name = 'LookbookError';
    this.kind = kind;
    this.complaints = complaints;
  }

  get exitCode(): number {
    return exitCode[this.kind];
  }
}

function describe({ what, where, expected, found, mend }: Complaint): string {
  const lines = [where ? `${where}: ${what}` : what];
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (found !== undefined) lines.push(`  found: ${found}`);
  if (mend !== undefined) lines.push(`  to mend: ${mend}`);
  return lines.join('\n');
}
