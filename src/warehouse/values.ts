import { type DuckDBDecimalType, type DuckDBMaterializedResult, type DuckDBVector, DuckDBTypeId as Id } from '@duckdb/node-api';
import type { Cell } from '#contract/row.ts';
import type { Columns } from './engine.ts';

/** What DuckDB's vectors hold inside: numbers in `items`, wider values as bytes in `dataView`. */
interface Raw {
  items?: { buffer: ArrayBuffer; byteOffset: number; [index: number]: number };
  dataView?: DataView<ArrayBuffer>;
  validity: { data: BigUint64Array<ArrayBuffer> | null };
}

/** Fills `out` from `at` on with the vector's first `count` values. */
type Reader = (vector: DuckDBVector, count: number, out: Cell[], at: number) => void;

/**
 * All rows of a result, by column, read from the typed memory of each chunk.
 * @throws Error when a whole number is beyond 2^53, or a type has no JS form.
 */
export async function readColumns(result: DuckDBMaterializedResult, label: string): Promise<Columns> {
  const names = result.columnNames();
  const readers = names.map((name, i) => readerOf(result, i, `${label}, column ${name}`));
  const columns: Cell[][] = names.map(() => new Array(result.rowCount));
  let at = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const count = chunk.rowCount;
    for (let i = 0; i < readers.length; i++) readers[i]!(chunk.getColumnVector(i), count, columns[i]!, at);
    at += count;
  }
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!]));
}

function readerOf(result: DuckDBMaterializedResult, index: number, where: string): Reader {
  switch (result.columnTypeId(index)) {
    case Id.TINYINT:
    case Id.SMALLINT:
    case Id.INTEGER:
    case Id.UTINYINT:
    case Id.USMALLINT:
    case Id.UINTEGER:
    case Id.FLOAT:
    case Id.DOUBLE:
      return each(
        ({ items }) =>
          (i) =>
            items![i]!,
      );
    case Id.BOOLEAN:
      return each(
        ({ dataView }) =>
          (i) =>
            dataView!.getUint8(i) !== 0,
      );
    case Id.BIGINT:
      return each((raw) => {
        const whole = int64(raw);
        return (i) => safe(whole(i), where);
      });
    case Id.HUGEINT:
      return (vector, count, out, at) => fill(vector, count, out, at, (i) => safe(Number(vector.getItem(i)), where));
    case Id.DECIMAL:
      return decimalReader(result.columnType(index) as DuckDBDecimalType, where);
    case Id.DATE:
      return each(
        ({ items }) =>
          (i) =>
            day(items![i]!),
      );
    case Id.TIMESTAMP:
    case Id.TIMESTAMP_TZ:
      return each((raw) => {
        const micros = int64(raw);
        return (i) => instant(micros(i) / 1000);
      });
    case Id.VARCHAR:
      return text();
    case Id.ENUM:
    case Id.SQLNULL:
      return (vector, count, out, at) => fill(vector, count, out, at, (i) => vector.getItem(i) as Cell);
    default:
      throw new RangeError(`${where}: type ${result.columnType(index)} has no JS form; cast it in the query`);
  }
}

function each(open: (raw: Raw) => (i: number) => Cell): Reader {
  return (vector, count, out, at) => fill(vector, count, out, at, open(vector as unknown as Raw));
}

function fill(vector: DuckDBVector, count: number, out: Cell[], at: number, value: (i: number) => Cell): void {
  const mask = (vector as unknown as Raw).validity.data;
  if (!mask) {
    for (let i = 0; i < count; i++) out[at + i] = value(i);
    return;
  }
  const bits = new Uint32Array(mask.buffer, mask.byteOffset, mask.length * 2);
  for (let i = 0; i < count; i++) out[at + i] = (bits[i >>> 5]! >>> (i & 31)) & 1 ? value(i) : null;
}

/** Signed 64-bit values as numbers without making BigInts: exact up to 2^53, nearest beyond. */
function int64({ items, dataView }: Raw): (i: number) => number {
  const { buffer, byteOffset } = items ?? dataView!;
  const length = ((items as unknown as ArrayBufferView | undefined)?.byteLength ?? dataView!.byteLength) / 4;
  const high = new Int32Array(buffer, byteOffset, length);
  const low = new Uint32Array(buffer, byteOffset, length);
  return (i) => high[2 * i + 1]! * 4_294_967_296 + low[2 * i]!;
}

function safe(value: number, where: string): number {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${where}: ${value} is beyond 2^53 and would lose digits; cast it to a string in the query`);
  return value;
}

/** Correctly rounded: an unscaled value up to 2^53 divided by a power of ten up to 22 is; the rest goes by its decimal digits. */
function decimalReader({ width, scale }: DuckDBDecimalType, where: string): Reader {
  const unit = 10 ** scale;
  const narrow = (value: number) => value / unit;
  const wide = (vector: DuckDBVector, i: number) => {
    const value = Number(String(vector.getItem(i)));
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new RangeError(`${where}: ${value} is beyond 2^53 and would lose digits`);
    return value;
  };
  if (width <= 4)
    return each(
      ({ dataView }) =>
        (i) =>
          narrow(dataView!.getInt16(2 * i, true)),
    );
  if (width <= 9)
    return each(
      ({ dataView }) =>
        (i) =>
          narrow(dataView!.getInt32(4 * i, true)),
    );
  if (width <= 18) {
    return (vector, count, out, at) => {
      const unscaled = int64(vector as unknown as Raw);
      fill(vector, count, out, at, (i) => {
        const value = unscaled(i);
        return Number.isSafeInteger(value) ? narrow(value) : wide(vector, i);
      });
    };
  }
  return (vector, count, out, at) => {
    const { dataView } = vector as unknown as Raw;
    fill(vector, count, out, at, (i) => {
      const low = dataView!.getUint32(16 * i, true);
      const high = dataView!.getInt32(16 * i + 4, true);
      const sign = dataView!.getInt32(16 * i + 8, true);
      const value = high * 4_294_967_296 + low;
      const fits = sign === (high < 0 ? -1 : 0) && sign === dataView!.getInt32(16 * i + 12, true) && Number.isSafeInteger(value);
      return fits && scale <= 22 ? narrow(value) : wide(vector, i);
    });
  };
}

const days = new Map<number, string>();

function day(sinceEpoch: number): string {
  let text = days.get(sinceEpoch);
  if (text === undefined) {
    text = new Date(sinceEpoch * 86_400_000).toISOString().slice(0, 10);
    days.set(sinceEpoch, text);
  }
  return text;
}

/** '2026-08-16T09:30:00Z'; with milliseconds only where they are not zero. Microseconds are cut. */
function instant(milliseconds: number): string {
  const since = Math.floor(milliseconds);
  const inDay = ((since % 86_400_000) + 86_400_000) % 86_400_000;
  const seconds = Math.floor(inDay / 1000);
  const rest = inDay - seconds * 1000;
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${day((since - inDay) / 86_400_000)}T${clock}${rest ? `.${String(rest).padStart(3, '0')}` : ''}Z`;
}

/** Strings up to 12 bytes lie inline in DuckDB's 16-byte cells; the last ones seen are kept, since columns repeat themselves. */
function text(): Reader {
  const slots = 1024;
  const seen: (string | undefined)[] = new Array(slots).fill(undefined);
  const keys = new Uint32Array(slots * 4);
  return (vector, count, out, at) => {
    const { dataView } = vector as unknown as Raw;
    const { buffer, byteOffset } = dataView!;
    const words = new Uint32Array(buffer, byteOffset, count * 4);
    const bytes = Buffer.from(buffer, byteOffset, count * 16);
    fill(vector, count, out, at, (i) => {
      const w = 4 * i;
      const length = words[w]!;
      if (length > 12) return vector.getItem(i) as string;
      const slot =
        (Math.imul(words[w + 1]!, 31) + Math.imul(words[w + 2]!, 0x9e3779b1) + Math.imul(words[w + 3]!, 0x85ebca6b) + length) >>> 22;
      const k = slot * 4;
      const known = seen[slot];
      if (
        known !== undefined &&
        keys[k] === length &&
        keys[k + 1] === words[w + 1] &&
        keys[k + 2] === words[w + 2] &&
        keys[k + 3] === words[w + 3]
      ) {
        return known;
      }
      const value = bytes.toString('utf8', 16 * i + 4, 16 * i + 4 + length);
      seen[slot] = value;
      keys.set(words.subarray(w, w + 4), k);
      return value;
    });
  };
}
