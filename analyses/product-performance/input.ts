/** Rows of the inputs; the .sql file of the same name makes them. Money in the shop's currency; null where unknown. */
export interface ShopWeek {
  week: string;
  is_complete: boolean;
  orders: number;
  units: number;
  gross_amount: number;
  refund_amount: number;
  net_revenue: number;
  margin: number | null;
}

export interface CategoryWeek {
  week: string;
  category: string;
  orders: number;
  units: number;
  gross_amount: number;
  refund_amount: number;
  net_revenue: number;
  net_cost: number | null;
  list_amount: number | null;
}

export interface BrandRow {
  brand: string;
  orders_now: number;
  orders_prior: number;
  orders_year: number;
  units_now: number;
  net_now: number;
  net_prior: number;
}

export interface Product {
  product_id: string;
  name: string;
  brand: string;
  category: string;
  department: string | null;
  units: number;
  gross_amount: number;
  net_revenue: number;
  profit: number | null;
  view_sessions: number;
  purchase_sessions: number;
  units_delivered: number;
  units_returned: number;
  delivered_13w: number;
  returned_13w: number;
  gross_13w: number;
  first_sale_date: string | null;
  units_13w: number;
  units_prior_13w: number;
  net_revenue_13w: number;
  net_revenue_prior_13w: number;
}

/** The whole catalogue in one row; units and squares of the last 52 complete weeks. */
export interface Catalogue {
  products: number;
  products_sold: number;
  products_ever: number;
  units: number;
  squares: number;
  view_sessions: number;
  purchase_sessions: number;
  stock_units: number;
  stock_cost: number;
  stock_age_days: number | null;
}

/** Sessions that saw a product of the category, counted once a product. */
export interface CategoryViews {
  category: string;
  view_sessions: number;
  purchase_sessions: number;
}

export interface ParetoStep {
  step: number;
  products: number;
  gross_amount: number;
  leading: number;
}

export interface CategoryDelivered {
  category: string;
  delivered: number;
  returned: number;
  delivered_13w: number;
  returned_13w: number;
}

/** Deliveries by week of the order; `product_id` null for the whole category. */
export interface DeliveredWeek {
  category: string;
  product_id: string | null;
  week: string;
  delivered: number;
  returned: number;
}

export interface StockBand {
  category: string;
  age_band: string;
  age_from: number;
  stock_units: number;
  stock_cost: number;
}
