select
  week,
  is_complete,
  active_customers,
  new_customers,
  signups
from {{ref 'kpi_weekly'}}
where week <= {{week}}
order by week
