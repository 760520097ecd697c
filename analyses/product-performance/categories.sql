-- Three years and four weeks: enough to judge two seasons and to compare with the year before.
select
  week,
  value as category,
  orders,
  units,
  gross_amount,
  refund_amount,
  net_revenue,
  net_cost,
  list_amount
from {{ref 'sales_weekly_breakdown'}}
where
  dimension = 'category'
  and week <= {{week}}
  and week > {{add_days (week) '-1120'}}
order by category, week
