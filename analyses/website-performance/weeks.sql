select
  week,
  is_complete,
  orders,
  sessions,
  purchase_sessions,
  conversion,
  gross_amount
from {{ref 'kpi_weekly'}}
where week <= {{week}}
order by week
