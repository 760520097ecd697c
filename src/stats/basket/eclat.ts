import { checkOptions, compareItemsets, type Itemset, type ItemsetOptions, TooManyItemsets } from './itemset.ts';
import { itemCounts, type Transactions } from './transactions.ts';

const end = -1;

/**
 * All frequent itemsets of any length, shorter first, then by codes: the same as Apriori's, found depth first over occurrence lists
 * (Zaki 2000), whose extensions are counted in one pass over the rests of the baskets (Uno, Kiyomi & Arimura 2004).
 * @throws RangeError for a threshold out of bounds; TooManyItemsets beyond the limit.
 */
export function frequentItemsets(baskets: Transactions, options: ItemsetOptions): Itemset[] {
  const { support, least, maxLength, limit } = checkOptions(options, baskets.size);
  const { codeOf, tape, starts } = taped(baskets, least);
  const found: Itemset[] = [];
  const prefix: number[] = [];
  const scratch: { counts: Int32Array; slots: Int32Array }[] = [];

  /** `places` are where the last item of the prefix stands on the tape. */
  const extend = (places: Int32Array, rank: number): void => {
    prefix.push(codeOf[rank]!);
    found.push({ items: prefix.toSorted((a, b) => a - b), count: places.length });
    if (found.length > limit) throw new TooManyItemsets(limit, support);
    if (prefix.length < maxLength) {
      const depth = prefix.length;
      scratch[depth] ??= { counts: new Int32Array(codeOf.length), slots: new Int32Array(codeOf.length) };
      const { counts, slots } = scratch[depth];
      counts.fill(0);
      const next: number[] = [];
      for (const place of places) {
        for (let at = place + 1, code = tape[at]!; code !== end; code = tape[++at]!) if (++counts[code]! === least) next.push(code);
      }
      if (next.length > 0) {
        slots.fill(0);
        const lists = next.map((code, i) => {
          slots[code] = i + 1;
          return new Int32Array(counts[code]!);
        });
        const filled = new Int32Array(next.length);
        for (const place of places) {
          for (let at = place + 1, code = tape[at]!; code !== end; code = tape[++at]!) {
            const slot = slots[code]!;
            if (slot > 0) lists[slot - 1]![filled[slot - 1]!++] = at;
          }
        }
        next.forEach((code, i) => {
          extend(lists[i]!, code);
        });
      }
    }
    prefix.pop();
  };
  starts.forEach(extend);
  return found.sort(compareItemsets);
}

/** The frequent items alone, rarest first, so that long rests belong to short lists: baskets on one tape, each ended by −1. */
function taped({ items, codes, offsets, size }: Transactions, least: number) {
  const counts = itemCounts({ items, codes, offsets, size });
  const codeOf = [...counts.keys()].filter((code) => counts[code]! >= least).sort((a, b) => counts[a]! - counts[b]! || a - b);
  const rankOf = new Int32Array(items.length).fill(end);
  codeOf.forEach((code, rank) => {
    rankOf[code] = rank;
  });
  const tape = new Int32Array(codes.length + size);
  const starts = codeOf.map((code) => new Int32Array(counts[code]!));
  const filled = new Int32Array(codeOf.length);
  let at = 0;
  for (let basket = 0; basket < size; basket++) {
    const from = at;
    for (let i = offsets[basket]!; i < offsets[basket + 1]!; i++) {
      const rank = rankOf[codes[i]!]!;
      if (rank !== end) tape[at++] = rank;
    }
    tape.subarray(from, at).sort();
    for (let i = from; i < at; i++) starts[tape[i]!]![filled[tape[i]!]!++] = i;
    tape[at++] = end;
  }
  return { codeOf, tape, starts };
}
