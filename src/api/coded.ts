/** A text column as codes into its different values; code 0 is null. */
export interface Coded {
  codes: Uint32Array;
  values: (string | null)[];
}

/** Room for `count` texts, all null. */
export function emptyCoded(count: number): Coded {
  return { codes: new Uint32Array(new SharedArrayBuffer(4 * count)), values: [null] };
}

/** Puts texts from row `at` on. @param known codes of the values so far. */
export function code(texts: readonly (string | null)[], at: number, { codes, values }: Coded, known: Map<string, number>): void {
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (text === null) continue;
    let number = known.get(text);
    if (number === undefined) {
      number = values.push(text) - 1;
      known.set(text, number);
    }
    codes[at + i] = number;
  }
}

export function codedOf(texts: readonly (string | null)[]): Coded {
  const coded = emptyCoded(texts.length);
  code(texts, 0, coded, new Map());
  return coded;
}

export function codedAt({ codes, values }: Coded, row: number): string | null {
  return values[codes[row]!] ?? null;
}
