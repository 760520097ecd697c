/** A column of a table at a terminal. */
export interface TerminalColumn<T> {
  head: string;
  isNumber: boolean;
  cell(one: T, i: number): string;
}

/** Aligned lines: heads, then one a row. */
export function alignedLines<T>(columns: readonly TerminalColumn<T>[], rows: readonly T[]): string[] {
  const cells = [columns.map(({ head }) => head), ...rows.map((row, i) => columns.map(({ cell }) => shown(cell(row, i))))];
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => width(row[c]!))));
  const line = (row: string[]) =>
    row
      .map((text, c) => {
        const gap = ' '.repeat(widths[c]! - width(text));
        return columns[c]!.isNumber ? gap + text : text + gap;
      })
      .join('  ')
      .trimEnd();
  return cells.map(line);
}

/** Text of the data can't move the cursor or reverse what follows it. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns that a terminal gives a text. */
function width(text: string): number {
  let sum = 0;
  for (const c of text) sum += /\p{M}/u.test(c) ? 0 : wide.test(c) ? 2 : 1;
  return sum;
}
