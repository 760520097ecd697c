import type { ColumnFormat, ColumnType } from './format.ts';
import { sqlType } from './format.ts';

type Family = 'text' | 'whole' | 'fraction' | 'float' | 'time' | 'other';

/** What a value of each type looks like, for messages. */
export const example: Record<ColumnType, string> = {
  int64: 'a whole number such as 1204',
  float64: 'a number such as 19.99',
  string: 'text',
  timestamp: 'a time such as 2026-08-22 06:00:00 UTC',
};

const accepted: Record<ColumnType, Family[]> = {
  int64: ['text', 'whole', 'fraction', 'float'],
  float64: ['text', 'whole', 'fraction', 'float'],
  string: ['text', 'whole'],
  timestamp: ['text', 'time'],
};

/** @returns whether values of a DuckDB type can be read as a column's type; then each value is still checked. */
export function isReadable(type: ColumnType, from: string): boolean {
  return accepted[type].includes(familyOf(from));
}

/** SQL for a value as it was found; NULL where there is none (also an empty text, and a float that is not a number). */
export function foundValue(ref: string, from: string): string {
  const family = familyOf(from);
  if (family === 'text') return `nullif(cast(${ref} as varchar), '')`;
  return family === 'float' ? `case when not isnan(${ref}) then ${ref} end` : ref;
}

/** SQL for a value as the column's type; NULL where it is missing or does not fit. */
export function fittingValue(type: ColumnType, ref: string, from: string): string {
  const family = familyOf(from);
  const x = foundValue(ref, from);
  if (type === 'string') return `cast(${x} as varchar)`;
  if (family === 'text') return textValue(type, `nullif(trim(cast(${ref} as varchar)), '')`);
  if (type === 'int64' && family !== 'whole') return `case when ${x} = trunc(${ref}) then try_cast(${x} as bigint) end`;
  const value = `try_cast(${x} as ${sqlType[type]})`;
  return type === 'int64' ? value : `case when isfinite(${value}) then ${value} end`;
}

/** SQL for a value as the snapshot keeps it; it fails on the first one that does not fit. */
export function strictValue({ type, use }: ColumnFormat, ref: string, from: string): string {
  const fitting = fittingValue(type, ref, from);
  const strict =
    type === 'string'
      ? fitting
      : `coalesce(${fitting}, case when ${foundValue(ref, from)} is not null then error(cast(${ref} as varchar)) end)`;
  return use === 'rounded' ? `round(${strict}, 1)` : strict;
}

// DuckDB's own casts read '12.7' as 13, '1e3' as 1000, 'inf' and 'epoch', drop an offset ('08:00+02' stays 08:00 as TIMESTAMP), and take seven
// times as long with an offset.
function textValue(type: ColumnType, x: string): string {
  if (type === 'int64') {
    const careful = `try_cast(case when regexp_full_match(${x}, '[+-]?[0-9]+(\\.0*)?') then split_part(${x}, '.', 1) end as bigint)`;
    return `case when regexp_full_match(${x}, '[0-9]{1,18}') then cast(${x} as bigint) else ${careful} end`;
  }
  if (type === 'float64') return `case when isfinite(try_cast(${x} as double)) then try_cast(${x} as double) end`;
  const offset = `contains(substr(${x}, 12), '+') or contains(substr(${x}, 12), '-')`;
  const utc = `case when ends_with(${x}, '+00:00') or ends_with(${x}, '+00') or not (${offset}) then try_cast(${x} as timestamp)
    else cast(try_cast(${x} as timestamptz) as timestamp) end`;
  return `case when starts_with(${x}, 'e') or starts_with(${x}, 'i') or starts_with(${x}, '-') then null else ${utc} end`;
}

function familyOf(from: string): Family {
  if (/^(VARCHAR|ENUM|UUID)/.test(from)) return 'text';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(from)) return 'whole';
  if (from.startsWith('DECIMAL')) return 'fraction';
  if (from === 'DOUBLE' || from === 'FLOAT') return 'float';
  return from.startsWith('TIMESTAMP') || from === 'DATE' ? 'time' : 'other';
}
