-- The dearest pairs of the last 28 days in each cell of band, segment and category, whose chances are alike.
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
ranked as (
  select
    candidates.*,
    row_number() over (
      partition by band, segment, category
      order by price desc, last_viewed_at desc, customer_id, product_id
    ) as place
  from candidates
  where band <= 2 and price is not null
)
select
  ranked.customer_id,
  ranked.product_id,
  products.name,
  ranked.category,
  ranked.band,
  ranked.segment,
  ranked.views,
  {{local_date 'ranked.last_viewed_at'}} as last_viewed_date,
  ranked.price
from ranked
left join {{ref 'stg_products'}} as products on products.product_id = ranked.product_id
where ranked.place <= 30
order by ranked.price desc, ranked.customer_id, ranked.product_id
