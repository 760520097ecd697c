select
  date,
  week,
  orders,
  units,
  new_customers,
  gross_amount,
  net_revenue,
  margin
from {{ref 'sales_daily'}}
where date <= {{as_of}}
order by date
