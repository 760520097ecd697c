/** Rows of the inputs; the .sql file of the same name makes them. Money in the shop's currency; null where unknown. */
export interface ShopRow {
  baskets: number;
  /** Of the earlier half. */
  baskets_first: number;
  /** With more than a hundred products: in none of the other counts. */
  baskets_left_out: number;
  /** With two products or more. */
  baskets_several: number;
  /** Products of all baskets, each once a basket. */
  lines: number;
  /** Pairs of products of one basket, counted from both sides. */
  meetings_twice: number;
  first_date: string | null;
  /** First day of the later half. */
  split_date: string | null;
  products: number;
  /** In as many baskets as a pair needs to be judged. */
  products_frequent: number;
  frequent_baskets: number;
  most_baskets: number | null;
}

export interface PairRow {
  product_a: string;
  product_b: string;
  baskets_both: number;
  baskets_both_first: number;
  baskets_both_52w: number;
}

export interface ProductRow {
  product_id: string;
  name: string;
  brand: string;
  category: string;
  department: string;
  cost: number | null;
  baskets: number;
  baskets_first: number;
  baskets_52w: number;
  meetings: number;
  units: number;
  gross_amount: number;
}

/** Meetings of two groups; of one group with all where the other is null. */
export interface MeetingRow {
  department: string;
  category: string;
  other_department: string | null;
  other_category: string | null;
  meetings: number;
}

export interface GroupRow {
  dimension: 'category' | 'brand';
  department_a: string;
  value_a: string;
  department_b: string;
  value_b: string;
  meetings: number;
  squares: number;
  baskets: number;
}

/** `reach`: `number` products with `size` meetings of the other department; `seen`: `number` pairs in `size` baskets. */
export interface ChanceRow {
  kind: 'reach' | 'seen';
  own: string;
  other: string;
  size: number;
  number: number;
  squares: number;
}

export interface BasketRow {
  order_id: string;
  product_id: string;
  half: number;
}
