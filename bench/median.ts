/** Of an even number of values, the mean of the middle two. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/** The median by name, over the records that have it. */
export function medians(records: Record<string, number>[]): Record<string, number> {
  const names = new Set(records.flatMap(Object.keys));
  return Object.fromEntries([...names].map((name) => [name, median(records.flatMap((record) => record[name] ?? []))]));
}
