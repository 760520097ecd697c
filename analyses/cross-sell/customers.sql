-- Customers with such pairs: within the window, and those seen in the last 28 days.
with candidates as (
  select
    pairs.customer_id,
    pairs.product_id,
    pairs.category,
    pairs.views,
    pairs.last_viewed_at,
    pairs.price,
    pairs.expected_revenue,
    case
      when {{seconds_between 'pairs.last_viewed_at' (wall)}} <= 604800 then 1
      when {{seconds_between 'pairs.last_viewed_at' (wall)}} <= 2419200 then 2
      when {{seconds_between 'pairs.last_viewed_at' (wall)}} <= 7776000 then 3
      when {{seconds_between 'pairs.last_viewed_at' (wall)}} <= 15552000 then 4
      else 5
    end as band,
    case when customers.orders > 1 then 2 else coalesce(customers.orders, 0) end as segment
  from {{ref 'cross_sell_candidates'}} as pairs
  left join {{ref 'customer_metrics'}} as customers on customers.customer_id = pairs.customer_id
)
select
  segment,
  count(distinct customer_id) as customers,
  count(distinct case when band <= 2 then customer_id end) as customers_fresh
from candidates
where band <= 4
group by segment
order by segment
