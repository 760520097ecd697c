/** Features in bins: of each its bins by name, and for each row the position of its bin, −1 where it is none of them. */
export interface Coded {
  names: readonly string[];
  bins: readonly (readonly string[])[];
  /** One list a feature, one entry a row. */
  codes: readonly Int32Array[];
}

/**
 * Features in bins from text. Bins with fewer rows than `least` are left out (their rows get −1), as are those not among `bins` where these
 * are given. Bins are in the order given, or else sorted.
 * @throws RangeError that names the feature for columns of different length.
 */
export function coded(
  features: readonly { name: string; values: readonly string[]; bins?: readonly string[] }[],
  { least = 1 }: { least?: number } = {},
): Coded {
  const n = features[0]?.values.length ?? 0;
  const made = features.map(({ name, values, bins }) => {
    if (values.length !== n) throw new RangeError(`${name}: expected ${n} values as in ${features[0]!.name}, found ${values.length}`);
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    const kept = (bins ?? [...counts.keys()].sort()).filter((bin) => (counts.get(bin) ?? 0) >= least);
    return { name, bins: kept, codes: codesOf(values, kept) };
  });
  return { names: made.map(({ name }) => name), bins: made.map(({ bins }) => bins), codes: made.map(({ codes }) => codes) };
}

/** The same features of other rows, in the bins of `like`; what is in none of them gets −1. */
export function codedLike(like: Pick<Coded, 'names' | 'bins'>, features: readonly { name: string; values: readonly string[] }[]): Coded {
  const codes = like.names.map((name, j) => {
    const feature = features.find((one) => one.name === name);
    if (!feature)
      throw new RangeError(`${name}: expected a feature of this name, found ${features.map((one) => one.name).join(', ') || 'none'}`);
    return codesOf(feature.values, like.bins[j]!);
  });
  return { names: like.names, bins: like.bins, codes };
}

function codesOf(values: readonly string[], bins: readonly string[]): Int32Array {
  const at = new Map(bins.map((bin, i) => [bin, i]));
  return Int32Array.from(values, (value) => at.get(value) ?? -1);
}
