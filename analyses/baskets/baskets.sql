-- For sets of three products and more: what baskets hold of the 200 products with the most frequent pairs, where it is at least two.
with kept as (
  select product_a, product_b, baskets_both
  from {{ref 'item_pairs'}}
  where baskets_both >= {{param 'least_baskets'}} and baskets_both >= baskets * {{param 'least_support'}}
),
ranked as (
  select
    product_id,
    row_number() over (order by max(baskets_both) desc, product_id) as place
  from (
    select product_a as product_id, baskets_both from kept
    union all
    select product_b as product_id, baskets_both from kept
  ) as sides
  group by product_id
),
lines as (
  select
    baskets.order_id,
    baskets.product_id,
    baskets.half,
    count(*) over (partition by baskets.order_id) as members
  from {{ref 'order_baskets'}} as baskets
  inner join ranked on ranked.product_id = baskets.product_id
  where ranked.place <= 200 and baskets.products > 1 and baskets.products <= 100
)
select order_id, product_id, half
from lines
where members > 1
order by order_id, product_id
