select
  category,
  {{sum_int 'view_sessions'}} as view_sessions,
  {{sum_int 'purchase_sessions'}} as purchase_sessions
from {{ref 'product_performance'}}
group by category
order by category
