-- Pairs of an identified customer and a product viewed and not bought, by days since the last view (7, 28, 90, 180, more), orders of the
-- customer (0, 1, 2 for more) and category.
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
),
sessions as (
  select customer_id, product_id, {{any_true 'purchased'}} as purchased
  from {{ref 'event_product_views'}}
  where customer_id is not null
  group by customer_id, product_id
)
select
  candidates.band,
  candidates.segment,
  candidates.category,
  count(*) as pairs,
  {{sum_money 'candidates.price'}} as price,
  {{sum_money 'products.cost'}} as cost,
  {{count_if 'products.cost is null'}} as without_cost,
  {{sum_money 'candidates.expected_revenue'}} as face_value,
  {{count_if 'sessions.purchased'}} as in_purchase_sessions
from candidates
left join {{ref 'stg_products'}} as products on products.product_id = candidates.product_id
left join sessions on sessions.customer_id = candidates.customer_id and sessions.product_id = candidates.product_id
group by candidates.band, candidates.segment, candidates.category
order by candidates.band, candidates.segment, candidates.category
