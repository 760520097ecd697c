/** Baskets of items as codes: item i is `items[i]`. Each basket is a set, its codes ascending; a basket may be empty. */
export interface Transactions {
  items: string[];
  /** Baskets, empty ones too: the denominator of every support. */
  size: number;
  /** Codes of all baskets one after the other. */
  codes: Int32Array;
  /** Where each basket starts in `codes`; one more than there are baskets. */
  offsets: Int32Array;
}

/** Codes items in the order of their names (code units) and drops what a basket holds twice. */
export function transactions(baskets: readonly Iterable<string>[]): Transactions {
  const names = new Set<string>();
  for (const basket of baskets) for (const item of basket) names.add(item);
  const items = [...names].sort();
  const codeOf = new Map(items.map((item, code) => [item, code]));
  const offsets = new Int32Array(baskets.length + 1);
  const codes: number[] = [];
  baskets.forEach((basket, i) => {
    const own = new Set<number>();
    for (const item of basket) own.add(codeOf.get(item)!);
    for (const code of [...own].sort((a, b) => a - b)) codes.push(code);
    offsets[i + 1] = codes.length;
  });
  return { items, size: baskets.length, codes: Int32Array.from(codes), offsets };
}

/** Baskets that hold each item. */
export function itemCounts({ items, codes }: Transactions): Int32Array {
  const counts = new Int32Array(items.length);
  for (const code of codes) counts[code]!++;
  return counts;
}
