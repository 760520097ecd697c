-- Buyers of the last 52 complete weeks by what they spent, to three or four significant digits, so that the rows stay few for any shop.
with buyers as (
  select
    customer_id,
    count(*) as orders,
    {{sum_money 'net_amount'}} as net_revenue
  from {{ref 'order_facts'}}
  where
    is_sale
    and week <= {{week}}
    and week > {{add_days (week) '-364'}}
  group by customer_id
),
rounded as (
  select
    orders,
    net_revenue,
    case
      when net_revenue < 100 then round(net_revenue, 1)
      when net_revenue < 10000 then round(net_revenue, 0)
      when net_revenue < 1000000 then round(net_revenue, -2)
      else round(net_revenue, -4)
    end as rounded_net
  from buyers
)
select
  {{float64 'rounded_net'}} as step,
  count(*) as customers,
  {{sum_int 'orders'}} as orders,
  {{count_if 'orders > 1'}} as repeaters,
  {{sum_money 'net_revenue'}} as net_revenue
from rounded
group by rounded_net
order by step
