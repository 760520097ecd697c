import { open } from 'node:fs/promises';

/** A record of a CSV file. */
export interface CsvRecord {
  /** Line on which it begins, from 1. */
  line: number;
  fields: number;
  /** A quote in it is not closed, or something follows a closing quote. */
  isBroken: boolean;
}

const quote = 0x22;
const newline = 0x0a;
const carriageReturn = 0x0d;
const blockSize = 1 << 22;

/**
 * Walks the records of a CSV file, header first, as lines and numbers of fields only; empty lines are skipped. For telling where a file is
 * wrong: DuckDB's own list of rejected lines can crash (1.5.6).
 *
 * @param visit returns true to stop
 */
export async function walkRecords(path: string, delimiter: string, visit: (record: CsvRecord) => boolean): Promise<void> {
  const separator = delimiter.charCodeAt(0);
  await using file = await open(path);
  const block = Buffer.allocUnsafe(blockSize);
  let line = 1;
  let begin = 1;
  let fields = 1;
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let isBroken = false;
  let isBlank = true;
  for (;;) {
    const { bytesRead } = await file.read(block, 0, blockSize);
    for (let i = 0; i < bytesRead; i++) {
      const byte = block[i]!;
      if (byte === newline) line++;
      if (state === 'quoted') {
        if (byte === quote) state = 'closed';
      } else if (byte === newline) {
        if (!isBlank && visit({ line: begin, fields, isBroken })) return;
        begin = line;
        fields = 1;
        state = 'start';
        isBroken = false;
        isBlank = true;
      } else if (byte === separator) {
        fields++;
        state = 'start';
        isBlank = false;
      } else if (byte === quote) {
        if (state !== 'plain') state = 'quoted';
        isBlank = false;
      } else if (byte !== carriageReturn) {
        if (state === 'closed') isBroken = true;
        else state = 'plain';
        isBlank = false;
      }
    }
    if (bytesRead === 0) break;
  }
  if (!isBlank) visit({ line: begin, fields, isBroken: isBroken || state === 'quoted' });
}
