-- Pairs of products that meet often enough to be judged, the most frequent first, with those of the last 52 complete weeks.
with kept as (
  select
    product_a,
    product_b,
    baskets_both,
    baskets_both_first,
    row_number() over (order by baskets_both desc, product_a, product_b) as place
  from {{ref 'item_pairs'}}
  where baskets_both >= {{param 'least_baskets'}} and baskets_both >= baskets * {{param 'least_support'}}
),
recent as (
  select order_id, product_id
  from {{ref 'order_baskets'}}
  where
    products > 1
    and products <= 100
    and order_week <= {{week}}
    and order_week > {{add_days (week) '-364'}}
),
together as (
  select kept.product_a, kept.product_b, count(*) as baskets_both_52w
  from kept
  inner join recent as a on a.product_id = kept.product_a
  inner join recent as b on b.product_id = kept.product_b and b.order_id = a.order_id
  where kept.place <= 5000
  group by kept.product_a, kept.product_b
)
select
  kept.product_a,
  kept.product_b,
  kept.baskets_both,
  kept.baskets_both_first,
  coalesce(together.baskets_both_52w, 0) as baskets_both_52w
from kept
left join together on together.product_a = kept.product_a and together.product_b = kept.product_b
where kept.place <= 5000
order by kept.baskets_both desc, kept.product_a, kept.product_b
