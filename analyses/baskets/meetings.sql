-- Meetings (pairs of different products of one basket) of two departments and categories with each other, where a pair of products that
-- is judged lies between them; and of each such department and category with all others ('other_department' null).
with kept as (
  select
    product_a,
    product_b,
    row_number() over (order by baskets_both desc, product_a, product_b) as place
  from {{ref 'item_pairs'}}
  where baskets_both >= {{param 'least_baskets'}} and baskets_both >= baskets * {{param 'least_support'}}
),
lines as (
  select
    baskets.order_id,
    baskets.product_id,
    baskets.products,
    coalesce(products.department, 'Unknown') as department,
    coalesce(products.category, 'Unknown') as category
  from {{ref 'order_baskets'}} as baskets
  left join {{ref 'stg_products'}} as products on products.product_id = baskets.product_id
  where baskets.products > 1 and baskets.products <= 100
),
holdings as (
  select order_id, department, category, count(*) as products
  from lines
  group by order_id, department, category
),
places as (
  select distinct product_id, department, category from lines
),
sides as (
  select product_a as product_id, product_b as other_id from kept where place <= 5000
  union all
  select product_b as product_id, product_a as other_id from kept where place <= 5000
),
blocks as (
  select distinct own.department, own.category, other.department as other_department, other.category as other_category
  from sides
  inner join places as own on own.product_id = sides.product_id
  inner join places as other on other.product_id = sides.other_id
),
met as (
  select
    blocks.department,
    blocks.category,
    blocks.other_department,
    blocks.other_category,
    {{sum_int 'case
      when blocks.department = blocks.other_department and blocks.category = blocks.other_category then a.products * (a.products - 1)
      else a.products * b.products
    end'}} as meetings
  from blocks
  inner join holdings as a on a.department = blocks.department and a.category = blocks.category
  inner join holdings as b
    on b.order_id = a.order_id
    and b.department = blocks.other_department
    and b.category = blocks.other_category
  group by blocks.department, blocks.category, blocks.other_department, blocks.other_category
  union all
  select
    department,
    category,
    {{null_of 'string'}} as other_department,
    {{null_of 'string'}} as other_category,
    {{sum_int 'products - 1'}} as meetings
  from lines
  group by department, category
)
select department, category, other_department, other_category, meetings
from met
order by department, category, coalesce(other_department, ''), coalesce(other_category, '')
