with spans as (
  select
    value as brand,
    week > {{add_days (week) '-91'}} as is_now,
    orders,
    units,
    net_revenue
  from {{ref 'sales_weekly_breakdown'}}
  where
    dimension = 'brand'
    and week <= {{week}}
    and week > {{add_days (week) '-182'}}
)
select
  brand,
  {{sum_int_if 'orders' 'is_now'}} as orders_now,
  {{sum_int_if 'orders' 'not is_now'}} as orders_prior,
  {{sum_int_if 'units' 'is_now'}} as units_now,
  {{sum_int_if 'units' 'not is_now'}} as units_prior,
  {{sum_money_if 'net_revenue' 'is_now'}} as net_now,
  {{sum_money_if 'net_revenue' 'not is_now'}} as net_prior
from spans
group by brand
order by brand
