/** Columns that kpi_weekly and kpi_monthly share. Money in the shop's currency, shares 0 to 1; null where undefined. */
interface Kpi {
  is_complete: boolean;
  orders: number;
  cancelled_orders: number;
  units: number;
  gross_amount: number;
  refund_amount: number;
  net_revenue: number;
  margin: number;
  aov: number | null;
  active_customers: number;
  new_customers: number;
  returning_customers: number;
  repeat_order_share: number | null;
}

export interface KpiWeek extends Kpi {
  week: string;
}

export interface KpiMonth extends Kpi {
  month: string;
}
