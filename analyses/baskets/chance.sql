-- What chance is made from: products by the number of meetings with each department; and what was seen: pairs by the baskets they share.
with lines as (
  select
    baskets.order_id,
    baskets.product_id,
    coalesce(products.department, 'Unknown') as department
  from {{ref 'order_baskets'}} as baskets
  left join {{ref 'stg_products'}} as products on products.product_id = baskets.product_id
  where baskets.products > 1 and baskets.products <= 100
),
holdings as (
  select order_id, department, count(*) as products
  from lines
  group by order_id, department
),
reaches as (
  select
    lines.product_id,
    lines.department as own,
    holdings.department as other,
    {{sum_int 'holdings.products - case when lines.department = holdings.department then 1 else 0 end'}} as reach,
    {{sum_int 'case
      when lines.department = holdings.department then (holdings.products - 1) * (holdings.products - 1)
      else holdings.products * holdings.products
    end'}} as squares
  from lines
  inner join holdings on holdings.order_id = lines.order_id
  group by lines.product_id, lines.department, holdings.department
),
counted as (
  select 'reach' as kind, own, other, reach as size, count(*) as number, {{sum_int 'squares'}} as squares
  from reaches
  where reach > 0
  group by own, other, reach
  union all
  select 'seen' as kind, '' as own, '' as other, baskets_both as size, count(*) as number, 0 as squares
  from {{ref 'item_pairs'}}
  group by baskets_both
)
select kind, own, other, size, number, squares
from counted
order by kind, own, other, size
