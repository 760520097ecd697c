-- Products of the pairs that are judged.
with kept as (
  select
    product_a,
    product_b,
    row_number() over (order by baskets_both desc, product_a, product_b) as place
  from {{ref 'item_pairs'}}
  where baskets_both >= {{param 'least_baskets'}} and baskets_both >= baskets * {{param 'least_support'}}
),
members as (
  select product_a as product_id from kept where place <= 5000
  union distinct
  select product_b as product_id from kept where place <= 5000
),
singles as (
  select
    lines.product_id,
    count(*) as baskets,
    {{count_if 'lines.half = 1'}} as baskets_first,
    count(distinct case when lines.order_week <= {{week}} and lines.order_week > {{add_days (week) '-364'}} then lines.order_id end) as baskets_52w,
    {{sum_int 'lines.products - 1'}} as meetings,
    {{sum_int 'lines.quantity'}} as units,
    {{sum_money 'lines.gross_amount'}} as gross_amount
  from {{ref 'order_baskets'}} as lines
  inner join members on members.product_id = lines.product_id
  where lines.products <= 100
  group by lines.product_id
)
select
  singles.product_id,
  coalesce(products.name, 'Unknown') as name,
  coalesce(products.brand, 'Unknown') as brand,
  coalesce(products.category, 'Unknown') as category,
  coalesce(products.department, 'Unknown') as department,
  products.cost,
  singles.baskets,
  singles.baskets_first,
  singles.baskets_52w,
  singles.meetings,
  singles.units,
  singles.gross_amount
from singles
left join {{ref 'stg_products'}} as products on products.product_id = singles.product_id
order by singles.product_id
