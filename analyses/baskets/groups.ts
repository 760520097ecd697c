import { type Mix, mixing } from '#stats/basket/mixing.ts';
import { total } from '../shared/change.ts';
import type { GroupRow } from './input.ts';
import { falseDiscovery } from './pairs.ts';

/** Least meetings that two groups must be expected to have to be tested. */
export const leastMeetings = 20;
/** Least factor at which two groups are called. */
export const leastGroupFactor = 1.25;

interface Group {
  department: string;
  value: string;
}

export interface GroupMix extends Mix {
  first: Group;
  second: Group;
  baskets: number;
}

export interface Mixing {
  tested: number;
  list: GroupMix[];
  /** Strongest evidence first. */
  called: GroupMix[];
}

/** Categories or brands that meet more often than their popularity within their departments explains. */
export function groupMixing(rows: readonly GroupRow[], dimension: GroupRow['dimension']): Mixing {
  const own = rows.filter((row) => row.dimension === dimension);
  const groups: Group[] = [];
  const codes = new Map<string, number>();
  const codeOf = (department: string, value: string) => {
    const key = JSON.stringify([department, value]);
    const code = codes.get(key) ?? groups.push({ department, value }) - 1;
    codes.set(key, code);
    return code;
  };
  const pairs = own.map((row) => ({
    a: codeOf(row.department_a, row.value_a),
    b: codeOf(row.department_b, row.value_b),
    count: row.meetings,
    squares: row.squares,
  }));
  const departments = [...new Set(groups.map(({ department }) => department))];
  const list = mixing(pairs, {
    parent: groups.map(({ department }) => departments.indexOf(department)),
    leastExpected: leastMeetings,
    falseDiscovery,
    leastFactor: leastGroupFactor,
  }).map((mix, i): GroupMix => ({ ...mix, first: groups[mix.a]!, second: groups[mix.b]!, baskets: own[i]!.baskets }));
  return {
    tested: list.filter(({ p }) => p !== null).length,
    list,
    called: list
      .filter(({ isCalled, first, second }) => isCalled && !isPooled(first) && !isPooled(second))
      .toSorted((x, y) => x.p! - y.p! || y.factor - x.factor || (wordsOf(x) < wordsOf(y) ? -1 : 1)),
  };
}

const isPooled = ({ value }: Group) => value === 'All other';
const wordsOf = ({ first, second }: GroupMix) => JSON.stringify([first, second]);

/** How far baskets keep to one department: share of meetings within one, and what popularity alone would give; null for one department. */
export function departments(rows: readonly GroupRow[]): { names: string[]; within: number; expected: number; meetings: number } | null {
  const own = rows.filter(({ dimension }) => dimension === 'category');
  const all = total(own, ({ meetings }) => meetings);
  const ends = new Map<string, number>();
  for (const { department_a, department_b, meetings } of own) {
    for (const name of [department_a, department_b]) ends.set(name, (ends.get(name) ?? 0) + meetings);
  }
  if (ends.size < 2 || all === 0) return null;
  const within = total(own, (row) => (row.department_a === row.department_b ? row.meetings : 0)) / all;
  const expected = total([...ends.values()], (end) => (end / (2 * all)) ** 2);
  const names = [...ends.keys()].toSorted((a, b) => ends.get(b)! - ends.get(a)! || (a < b ? -1 : 1));
  return { names, within, expected, meetings: all };
}
