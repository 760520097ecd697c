import { type Helper, helper } from './helper.ts';

const double = (x: string) => `cast(${x} as double)`;
const float64 = (x: string) => `cast(${x} as float64)`;

/** Money, counts and ratios. Money is DECIMAL(18,2) or NUMERIC; sums of it do not depend on the order of rows. */
export const numbers: Record<string, Helper> = {
  /** A FLOAT64 price as money, rounded half away from zero to cents. */
  numeric: helper(
    'x',
    (x) => `cast(cast(${x} as decimal(18, 9)) as decimal(18, 2))`,
    (x) => `round(cast(${x} as numeric), 2)`,
  ),
  /** A money expression (a product by a count, a difference of sums) kept as money. */
  money: helper(
    'x',
    (x) => `cast(${x} as decimal(18, 2))`,
    (x) => `cast(${x} as numeric)`,
  ),
  /** A FLOAT64 share of money, rounded half away from zero to cents. */
  money_share: helper(
    'x share',
    (x, share) => `cast(cast(${double(x)} * ${share} as decimal(18, 9)) as decimal(18, 2))`,
    (x, share) => `round(cast(${float64(x)} * ${share} as numeric), 2)`,
  ),
  /** Sum of money; 0 without rows. */
  sum_money: helper(
    'x',
    (x) => `coalesce(cast(sum(${x}) as decimal(18, 2)), 0)`,
    (x) => `coalesce(sum(${x}), numeric '0')`,
  ),
  /** Sum of money where a condition holds; 0 without rows. */
  sum_money_if: helper(
    'x condition',
    (x, condition) => `coalesce(cast(sum(${x}) filter (where ${condition}) as decimal(18, 2)), 0)`,
    (x, condition) => `coalesce(sum(if(${condition}, ${x}, null)), numeric '0')`,
  ),
  /** Sum of whole numbers as INT64; 0 without rows. */
  sum_int: helper(
    'x',
    (x) => `coalesce(cast(sum(${x}) as bigint), 0)`,
    (x) => `coalesce(sum(${x}), 0)`,
  ),
  /** Sum of whole numbers where a condition holds; 0 without rows. */
  sum_int_if: helper(
    'x condition',
    (x, condition) => `coalesce(cast(sum(${x}) filter (where ${condition}) as bigint), 0)`,
    (x, condition) => `coalesce(sum(if(${condition}, ${x}, null)), 0)`,
  ),
  /** Rows for which a condition is true. */
  count_if: helper(
    'condition',
    (condition) => `count(*) filter (where ${condition})`,
    (condition) => `countif(${condition})`,
  ),
  /** Whether a condition holds in any row; NULL counts as no. */
  any_true: helper(
    'condition',
    (condition) => `coalesce(bool_or(${condition}), false)`,
    (condition) => `coalesce(logical_or(${condition}), false)`,
  ),
  /** a / b as FLOAT64; NULL where b is 0 or either is NULL. */
  safe_divide: helper(
    'a b',
    (a, b) => `(${double(a)} / nullif(${double(b)}, 0))`,
    (a, b) => `safe_divide(${float64(a)}, ${float64(b)})`,
  ),
  /** Mean of a measure with at most 6 decimals, as FLOAT64: summed exactly, so that the order of rows does not matter. */
  mean: helper(
    'x',
    (x) => `(cast(sum(cast(${x} as decimal(18, 6))) as double) / nullif(count(${x}), 0))`,
    (x) => `safe_divide(cast(sum(round(cast(${x} as numeric), 6)) as float64), count(${x}))`,
  ),
  /** Whole part of a / b for whole numbers. */
  int_divide: helper(
    'a b',
    (a, b) => `(${a} // ${b})`,
    (a, b) => `div(${a}, ${b})`,
  ),
  /** The value of `x` (not NULL) in the row with the smallest `key`, then `tie`; rows equal in both must be equal in `x`. */
  first_by: helper(
    'x key tie',
    (x, key, tie) => `arg_min(${x}, row(${key}, ${tie}))`,
    (x, key, tie) => `array_agg(${x} ignore nulls order by ${key}, ${tie} limit 1)[safe_offset(0)]`,
  ),
};
