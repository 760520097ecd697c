function stepped(p: readonly (number | null)[], adjust: (sorted: number[]) => number[]): (number | null)[] {
  const tested = p.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  for (const { value, index } of tested) {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`p[${index}]: expected a number from 0 to 1, found ${value}`);
  }
  tested.sort((a, b) => a.value - b.value || a.index - b.index);
  const adjusted = adjust(tested.map(({ value }) => value));
  const result: (number | null)[] = p.map(() => null);
  tested.forEach(({ index }, rank) => {
    result[index] = adjusted[rank]!;
  });
  return result;
}

/**
 * Benjamini–Hochberg adjusted p-values, in the order given: calling those ≤ q holds the expected share of false calls at q
 * (Benjamini & Hochberg 1995). A null was not tested: it stays null and isn't counted.
 * @throws RangeError when a p-value isn't from 0 to 1.
 */
export function benjaminiHochberg(p: readonly (number | null)[]): (number | null)[] {
  return stepped(p, (sorted) => {
    const out = [...sorted];
    let least = 1;
    for (let i = sorted.length - 1; i >= 0; i--) {
      least = Math.min(least, (sorted[i]! * sorted.length) / (i + 1));
      out[i] = least;
    }
    return out;
  });
}

/**
 * Holm adjusted p-values, in the order given: calling those ≤ α holds the chance of any false call at α (Holm 1979). A null was
 * not tested: it stays null and isn't counted.
 * @throws RangeError when a p-value isn't from 0 to 1.
 */
export function holm(p: readonly (number | null)[]): (number | null)[] {
  return stepped(p, (sorted) => {
    let most = 0;
    return sorted.map((value, i) => {
      most = Math.max(most, Math.min(1, value * (sorted.length - i)));
      return most;
    });
  });
}
