/** Edit distance (insert, delete, replace, swap of neighbours). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** @returns the name most like `wanted`, if one is like it at all: the same but for case and punctuation, part of it, or few edits away. */
export function nearest(wanted: string, names: string[]): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const target = bare(wanted);
  const scored = names
    .map((name) => ({ name, distance: distanceOf(target, bare(name)) }))
    .filter(({ distance }) => distance <= Math.max(1, target.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored[0]?.name;
}

function distanceOf(target: string, name: string): number {
  const shorter = target.length < name.length ? target : name;
  const isPart =
    shorter.length >= 4 && (target.startsWith(name) || target.endsWith(name) || name.startsWith(target) || name.endsWith(target));
  return isPart ? 1 : editDistance(target, name);
}
