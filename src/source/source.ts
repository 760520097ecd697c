import type { ShopFormat } from './format.ts';

/** A file that a source read. */
export interface SourceFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** How a source's table became a snapshot's. */
export interface WrittenTable {
  /** Whether the source has this table; if not, the snapshot's is empty. */
  present: boolean;
  /** Kept columns that the source lacks: all NULL in the snapshot. */
  absent: string[];
  /** Known columns of the source that the snapshot leaves out: personal, or of no use to a model. */
  leftOut: string[];
  /** Columns of the source that the format does not know. */
  ignored: string[];
}

export interface Written {
  tables: Record<string, WrittenTable>;
  files: SourceFile[];
  warnings: string[];
}

/** Where raw tables come from. */
export interface Source {
  id: 'files' | 'demo';
  format: ShopFormat;
  /** For progress lines: 'theLook files in data'. */
  describe(): string;
  /** SHA-256, in hex, of everything that decides the rows. @throws LookbookError 'source' */
  fingerprint(): Promise<string>;
  /** Writes `<table>.parquet` for each table of the format into an existing folder, kept columns only. @throws LookbookError 'source' */
  write(folder: string): Promise<Written>;
}
