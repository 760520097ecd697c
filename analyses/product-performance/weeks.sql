select
  week,
  is_complete,
  orders,
  units,
  gross_amount,
  refund_amount,
  net_revenue,
  margin
from {{ref 'kpi_weekly'}}
where week <= {{week}}
order by week
