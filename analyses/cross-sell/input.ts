/** Days since the last view: up to 7, 28, 90, 180, and more (5, today only). */
export type Band = 1 | 2 | 3 | 4 | 5;
/** Orders of the customer: none, one, more. */
export type Segment = 0 | 1 | 2;

/** Rows of the inputs; the .sql file of the same name makes them. Money in the shop's currency. */
export interface EarlierRow {
  /** 1 to 4: so many times 28 days before the wall. */
  mark: number;
  band: Band;
  segment: Segment;
  category: string;
  pairs: number;
  bought: number;
}

export interface TodayRow {
  band: Band;
  segment: Segment;
  category: string;
  pairs: number;
  price: number;
  cost: number;
  without_cost: number;
  /** At the conversion of the mart: that of all first views, bought at once or not. */
  face_value: number;
  in_purchase_sessions: number;
}

export interface CustomerRow {
  segment: Segment;
  customers: number;
  customers_fresh: number;
}

export interface FirstRow {
  customer_id: string;
  product_id: string;
  name: string | null;
  category: string;
  band: Band;
  segment: Segment;
  views: number;
  last_viewed_date: string;
  price: number;
}

export interface VisitorRow {
  is_identified: boolean;
  sessions: number;
  views_left: number;
  price_left: number;
}
