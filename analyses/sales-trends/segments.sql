-- Three years and four weeks: enough to judge two seasons and to compare with the year before.
select
  week,
  dimension,
  value,
  orders,
  units,
  gross_amount,
  refund_amount,
  net_revenue,
  list_amount
from {{ref 'sales_weekly_breakdown'}}
where
  dimension in ('category', 'country', 'source', 'customer_type')
  and week <= {{week}}
  and week > {{add_days (week) '-1120'}}
order by dimension, value, week
