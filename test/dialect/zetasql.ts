import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cell } from '../../src/contract/row.ts';
import type { ColumnType } from '../../src/warehouse/model.ts';

export type { ColumnType } from '../../src/warehouse/model.ts';

/** A value on the wire: one field is set, none for NULL. */
export interface Value {
  int64Value?: string;
  doubleValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  dateValue?: number;
  timestampValue?: { seconds: string; nanos: number };
  numericValue?: Uint8Array;
}

/** A relation with its rows as literals. */
export interface Relation {
  columns: { name: string; type: ColumnType }[];
  rows: Value[][];
}

/** Google's analyzer and reference evaluator, in a process of its own. */
export interface ZetaSQL {
  /** Output columns of a query. @throws Error with the analyzer's message. */
  analyze(sql: string, catalog: Record<string, Pick<Relation, 'columns'>>): Promise<{ name: string; type: string }[]>;
  /** Rows of a query over literal relations; at most 4 MB go over the wire. @throws Error */
  evaluate(sql: string, catalog: Record<string, Relation>): Promise<Value[][]>;
  stop(): void;
}

const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = join(here, 'node_modules/@fivetrandevelopers/zetasql');

/** Why ZetaSQL cannot run here, or null. */
export function unavailable(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `ZetaSQL's server runs on Linux x64 only, this is ${process.platform} ${process.arch}`;
  return existsSync(packageFolder) ? null : 'ZetaSQL is not installed: npm ci --prefix test/dialect';
}

/** Numbers of zetasql.TypeKind and zetasql.LanguageFeature. */
const kinds: Record<ColumnType, number> = { string: 8, int64: 2, float64: 7, numeric: 23, bool: 5, date: 10, timestamp: 19 };
const columnTypes = Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [kind, type]));
const timestampNanos = 5;
const disallowGroupByFloat = 3;

type Call = (request: object, options: object, done: (error: Error | null, response: never) => void) => void;
type Stub = Record<'analyze' | 'evaluateQuery' | 'getLanguageOptions' | 'close', Call>;

/** Starts the server and waits until it answers. @throws Error when it does not within ten seconds. */
export async function startZetaSQL(): Promise<ZetaSQL> {
  const port = await freePort();
  const server = spawn(join(packageFolder, 'lib/zetasql/remote_server.so'), ['localhost', String(port)], { stdio: 'ignore' });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  const { ZetaSQLClient } = createRequire(import.meta.url)('@fivetrandevelopers/zetasql') as {
    ZetaSQLClient: { init(port: number): void; API: Stub };
  };
  ZetaSQLClient.init(port);
  const stub = ZetaSQLClient.API;
  const call = <T>(name: keyof Stub, request: object, options: object = {}): Promise<T> =>
    new Promise((resolve, reject) => stub[name](request, options, (error, response) => (error ? reject(error) : resolve(response as T))));
  const languageOptions = await bigQueryLike(server, call);
  const catalogOf = (relations: Record<string, Pick<Relation, 'columns'>>) => ({
    name: 'catalog',
    table: Object.entries(relations).map(([name, { columns }], i) => ({
      name,
      serializationId: i + 1,
      column: columns.map((column) => ({ name: column.name, type: { typeKind: kinds[column.type] } })),
    })),
    builtinFunctionOptions: { languageOptions },
  });
  const options = {
    languageOptions,
    defaultTimezone: 'UTC',
    pruneUnusedColumns: false,
    errorMessageMode: 'ERROR_MESSAGE_MULTI_LINE_WITH_CARET',
  };
  const read = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw new Error((error as { details?: string }).details ?? String(error));
    }
  };
  return {
    analyze: async (sql, relations) => {
      const request = { sqlStatement: sql, simpleCatalog: catalogOf(relations), options };
      const { resolvedStatement } = await read(call<Analyzed>('analyze', request));
      return resolvedStatement.resolvedQueryStmtNode.outputColumnList.map(({ name, column }) => ({
        name,
        type: columnTypes[column.type.typeKind] ?? `type ${column.type.typeKind}`,
      }));
    },
    evaluate: async (sql, relations) => {
      const content = Object.entries(relations).map(([name, { rows }]) => [name, { tableData: { row: rows.map((cell) => ({ cell })) } }]);
      const request = { sql, simpleCatalog: catalogOf(relations), tableContent: Object.fromEntries(content), options };
      const { content: answer } = await read(call<Evaluated>('evaluateQuery', request));
      return answer.tableData?.row.map(({ cell }) => cell) ?? [];
    },
    stop: () => {
      (stub.close as unknown as () => void).call(stub);
      process.off('exit', kill);
      kill();
    },
  };
}

interface Analyzed {
  resolvedStatement: { resolvedQueryStmtNode: { outputColumnList: { name: string; column: { type: { typeKind: number } } }[] } };
}

interface Evaluated {
  content: { tableData: { row: { cell: Value[] }[] } | null };
}

/** All features, but those that BigQuery lacks: it has no nanoseconds, no INT32 and FLOAT, and no grouping by FLOAT64. */
async function bigQueryLike(server: ChildProcess, call: <T>(name: keyof Stub, request: object, options?: object) => Promise<T>) {
  let exit = '';
  server.once('error', (error) => {
    exit = String(error);
  });
  server.once('exit', (code, signal) => {
    exit ||= `it ended with ${code ?? signal}`;
  });
  for (let tries = 0; tries < 100; tries++) {
    if (exit) throw new Error(`ZetaSQL's server did not start: ${exit}`);
    try {
      const most = await call<{ enabledLanguageFeatures: number[] }>(
        'getLanguageOptions',
        { maximumFeatures: true },
        { deadline: Date.now() + 1000 },
      );
      const enabled = most.enabledLanguageFeatures.filter((feature) => feature !== timestampNanos);
      return { ...most, productMode: 'PRODUCT_EXTERNAL', enabledLanguageFeatures: [...enabled, disallowGroupByFloat] };
    } catch (error) {
      if ((error as { code?: number }).code !== 14 && (error as { code?: number }).code !== 4) throw error;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
  server.kill('SIGKILL');
  throw new Error("ZetaSQL's server did not answer");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** A cell as the warehouse gives it, for the wire. */
export function encode(cell: Cell, type: ColumnType): Value {
  if (cell === null) return {};
  switch (type) {
    case 'string':
      return { stringValue: String(cell) };
    case 'int64':
      return { int64Value: String(cell) };
    case 'float64':
      return { doubleValue: Number(cell) };
    case 'bool':
      return { boolValue: Boolean(cell) };
    case 'date':
      return { dateValue: Math.round(Date.parse(`${cell}T00:00:00Z`) / 86_400_000) };
    case 'timestamp': {
      const milliseconds = Date.parse(String(cell));
      const seconds = Math.floor(milliseconds / 1000);
      return { timestampValue: { seconds: String(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 } };
    }
    case 'numeric':
      return { numericValue: numericBytes(String(cell)) };
    default:
      throw new Error(`no wire form of ${type satisfies never}`);
  }
}

/** A value from the wire as the warehouse gives it. */
export function decode(value: Value): Cell {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.int64Value !== undefined) return Number(value.int64Value);
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.dateValue !== undefined) return new Date(value.dateValue * 86_400_000).toISOString().slice(0, 10);
  if (value.numericValue !== undefined) return numericOf(value.numericValue);
  if (value.timestampValue) {
    const { seconds, nanos } = value.timestampValue;
    return new Date(Number(seconds) * 1000 + nanos / 1_000_000).toISOString().replace('.000Z', 'Z');
  }
  return null;
}

/** NUMERIC travels as value × 10^9 in the fewest bytes of little-endian two's complement. */
function numericBytes(text: string): Uint8Array {
  const [whole = '0', fraction = ''] = text.split('.');
  let scaled = BigInt(`${whole}${fraction.padEnd(9, '0').slice(0, 9)}`);
  const bytes: number[] = [];
  for (;;) {
    const byte = Number(scaled & 255n);
    bytes.push(byte);
    scaled >>= 8n;
    if ((scaled === 0n && byte < 128) || (scaled === -1n && byte >= 128)) return Uint8Array.from(bytes);
  }
}

function numericOf(bytes: Uint8Array): number {
  let scaled = 0n;
  for (const byte of [...bytes].reverse()) scaled = (scaled << 8n) | BigInt(byte);
  scaled = BigInt.asIntN(bytes.length * 8, scaled);
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(10, '0');
  return Number(`${scaled < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`);
}
