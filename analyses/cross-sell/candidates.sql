-- Every pair of the window with its chance to be bought within 28 days, for those who write to customers.
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
  candidates.customer_id,
  candidates.product_id,
  candidates.category,
  candidates.views,
  candidates.last_viewed_at,
  candidates.price,
  chances.chance,
  {{money_share 'candidates.price' 'chances.chance'}} as expected_revenue
from candidates
inner join {{relation 'cross-sell' 'chances'}} as chances
  on chances.band = candidates.band
  and chances.segment = candidates.segment
  and chances.category = candidates.category
where candidates.band <= 4
order by candidates.customer_id, candidates.product_id
