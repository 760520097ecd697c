select
  month,
  is_complete,
  orders,
  cancelled_orders,
  units,
  gross_amount,
  refund_amount,
  net_revenue,
  margin,
  aov,
  active_customers,
  new_customers,
  returning_customers,
  repeat_order_share
from {{ref 'kpi_monthly'}}
where month <= {{as_of}}
order by month
