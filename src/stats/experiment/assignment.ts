import { chiSquareUpper } from '../distribution.ts';
import { checkCount } from '../estimate.ts';

export interface SampleRatio {
  /** Pearson's statistic of the counts against the plan. */
  chiSquare: number;
  df: number;
  p: number;
  /** Customers that the plan would have put in each arm. */
  expected: number[];
  /** True where p is below the threshold: something else than chance shared out the customers, and no result may be read. */
  isMismatch: boolean;
}

/**
 * Sample ratio mismatch: were customers put in the arms as planned? (Fabijan et al. 2019; threshold .001, as a trial is checked often.)
 * Null without a customer.
 * @param counts customers an arm. @param plan shares in any unit, positive; equal unless told otherwise.
 * @throws RangeError when fewer than two arms, lengths differ, or a share isn't positive.
 */
export function sampleRatio(
  counts: readonly number[],
  plan: readonly number[] = counts.map(() => 1),
  threshold = 0.001,
): SampleRatio | null {
  if (counts.length < 2) throw new RangeError(`counts: expected two arms or more, found ${counts.length}`);
  if (counts.length !== plan.length) throw new RangeError(`plan: expected ${counts.length} shares, found ${plan.length}`);
  counts.forEach((count, i) => void checkCount(`counts[${i}]`, count));
  plan.forEach((share, i) => {
    if (!(share > 0 && share < Number.POSITIVE_INFINITY)) throw new RangeError(`plan[${i}]: expected a positive share, found ${share}`);
  });
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return null;
  const whole = plan.reduce((a, b) => a + b, 0);
  const expected = plan.map((share) => (total * share) / whole);
  const chiSquare = counts.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
  const df = counts.length - 1;
  const p = chiSquareUpper(chiSquare, df);
  return { chiSquare, df, p, expected, isMismatch: p < threshold };
}

/** A row of a real trial. */
export interface AssignmentRow {
  customer_id: string;
  arm: string;
}

export interface Assignment {
  /** Arms by name, in the order of the plan, else of the alphabet. */
  arms: string[];
  /** Position in `arms` of each customer who counts. */
  armOf: Map<string, number>;
  counts: number[];
  /** Rows that don't count: without an id or arm; of customers the shop doesn't know; of customers in two arms (all their rows). */
  left: { blank: number; unknown: number; crossed: number };
  /** Rows of the customers who count that say again what one said before. */
  repeated: number;
  /** Null below two arms with a plan, or without a customer. */
  ratio: SampleRatio | null;
}

/**
 * Reads who was in which arm from rows as they come. Customers in two arms are left out of both, and counted: many of them, or a sample
 * ratio mismatch, mean that the trial can't be read.
 * @param options.plan shares by arm; equal unless given. @param options.isKnown whether the shop knows a customer.
 * @throws RangeError when a row names an arm that the plan doesn't have.
 */
export function readAssignment(
  rows: Iterable<AssignmentRow>,
  options: { plan?: Readonly<Record<string, number>>; isKnown?: (customerId: string) => boolean } = {},
): Assignment {
  const { plan, isKnown = () => true } = options;
  const named = new Map<string, Set<string>>();
  const left = { blank: 0, unknown: 0, crossed: 0 };
  const rowsOf = new Map<string, number>();
  let repeated = 0;
  for (const { customer_id, arm } of rows) {
    const [id, name] = [customer_id?.trim() ?? '', arm?.trim() ?? ''];
    if (id === '' || name === '') left.blank++;
    else if (!isKnown(id)) left.unknown++;
    else {
      if (plan && !Object.hasOwn(plan, name)) {
        throw new RangeError(`arm: expected one of ${Object.keys(plan).join(', ')}, found ${JSON.stringify(name)}`);
      }
      const arms = named.get(id) ?? new Set();
      named.set(id, arms.add(name));
      rowsOf.set(id, (rowsOf.get(id) ?? 0) + 1);
    }
  }
  const arms = plan ? Object.keys(plan) : [...new Set([...named.values()].flatMap((one) => [...one]))].sort();
  const armOf = new Map<string, number>();
  const counts = arms.map(() => 0);
  for (const [id, said] of named) {
    if (said.size > 1) {
      left.crossed += rowsOf.get(id)!;
      continue;
    }
    repeated += rowsOf.get(id)! - 1;
    const at = arms.indexOf([...said][0]!);
    armOf.set(id, at);
    counts[at]!++;
  }
  const ratio = arms.length < 2 ? null : sampleRatio(counts, plan ? Object.values(plan) : undefined);
  return { arms, armOf, counts, left, repeated, ratio };
}
