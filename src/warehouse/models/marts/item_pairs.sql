with lines as (
  select order_id, product_id, half, products
  from {{ref 'order_baskets'}}
  where products <= 100
),
totals as (
  select
    count(distinct order_id) as baskets,
    count(distinct case when half = 1 then order_id end) as baskets_first
  from lines
),
singles as (
  select
    product_id,
    count(*) as baskets,
    {{count_if 'half = 1'}} as baskets_first
  from lines
  group by product_id
),
pairs as (
  select
    a.product_id as product_a,
    b.product_id as product_b,
    count(*) as baskets_both,
    {{count_if 'a.half = 1'}} as baskets_both_first
  from lines as a
  inner join lines as b on b.order_id = a.order_id
  where a.products > 1 and a.product_id < b.product_id
  group by a.product_id, b.product_id
  having count(*) >= 2
),
final as (
  select
    pairs.product_a,
    pairs.product_b,
    pairs.baskets_both,
    a.baskets as baskets_a,
    b.baskets as baskets_b,
    totals.baskets,
    pairs.baskets_both_first,
    a.baskets_first as baskets_a_first,
    b.baskets_first as baskets_b_first,
    totals.baskets_first
  from pairs
  inner join singles as a on a.product_id = pairs.product_a
  inner join singles as b on b.product_id = pairs.product_b
  cross join totals
)
select * from final
