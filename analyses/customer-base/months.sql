select
  months.month,
  months.is_complete,
  months.orders,
  months.gross_amount,
  months.net_revenue,
  months.active_customers,
  months.new_customers,
  months.returning_customers,
  months.signups,
  {{sum_money_if 'types.net_revenue' "types.customer_type = 'new'"}} as new_net_revenue,
  {{sum_money_if 'types.net_revenue' "types.customer_type = 'existing'"}} as existing_net_revenue
from {{ref 'kpi_monthly'}} as months
left join {{ref 'customer_months'}} as types on types.month = months.month
where months.month <= {{as_of}}
group by
  months.month,
  months.is_complete,
  months.orders,
  months.gross_amount,
  months.net_revenue,
  months.active_customers,
  months.new_customers,
  months.returning_customers,
  months.signups
order by month
