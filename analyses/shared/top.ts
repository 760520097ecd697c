/** The largest n items by `by`, and the rest (empty where all fit). Ties go by `name`, so that the order is total. */
export function topAndRest<T>(items: readonly T[], n: number, by: (item: T) => number, name: (item: T) => string): { top: T[]; rest: T[] } {
  const ordered = items.toSorted((a, b) => by(b) - by(a) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
  return ordered.length <= n + 1 ? { top: ordered, rest: [] } : { top: ordered.slice(0, n), rest: ordered.slice(n) };
}
