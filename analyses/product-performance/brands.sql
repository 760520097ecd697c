with spans as (
  select
    value as brand,
    case
      when week > {{add_days (week) '-91'}} then 'now'
      when week > {{add_days (week) '-182'}} then 'prior'
      else 'year'
    end as span,
    orders,
    units,
    net_revenue
  from {{ref 'sales_weekly_breakdown'}}
  where
    dimension = 'brand'
    and week <= {{week}}
    and (week > {{add_days (week) '-182'}} or (week > {{add_days (week) '-455'}} and week <= {{add_days (week) '-364'}}))
)
select
  brand,
  {{sum_int_if 'orders' "span = 'now'"}} as orders_now,
  {{sum_int_if 'orders' "span = 'prior'"}} as orders_prior,
  {{sum_int_if 'orders' "span = 'year'"}} as orders_year,
  {{sum_int_if 'units' "span = 'now'"}} as units_now,
  {{sum_money_if 'net_revenue' "span = 'now'"}} as net_now,
  {{sum_money_if 'net_revenue' "span = 'prior'"}} as net_prior
from spans
group by brand
order by brand
