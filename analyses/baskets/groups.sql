-- Meetings of categories and of brands, each within its department; beyond the sixty that meet most they are pooled.
with lines as (
  select
    baskets.order_id,
    coalesce(products.department, 'Unknown') as department,
    coalesce(products.category, 'Unknown') as category,
    coalesce(products.brand, 'Unknown') as brand,
    baskets.products
  from {{ref 'order_baskets'}} as baskets
  left join {{ref 'stg_products'}} as products on products.product_id = baskets.product_id
  where baskets.products > 1 and baskets.products <= 100
),
named as (
  select 'category' as dimension, order_id, department, category as value, products from lines
  union all
  select 'brand' as dimension, order_id, department, brand as value, products from lines
),
ranked as (
  select
    dimension,
    department,
    value,
    row_number() over (partition by dimension order by sum(products - 1) desc, department, value) as place
  from named
  group by dimension, department, value
),
holdings as (
  select
    named.dimension,
    named.order_id,
    named.department,
    case when ranked.place <= 60 then named.value else 'All other' end as value,
    count(*) as products
  from named
  inner join ranked
    on ranked.dimension = named.dimension
    and ranked.department = named.department
    and ranked.value = named.value
  group by 1, 2, 3, 4
),
met as (
  select
    a.dimension,
    a.department as department_a,
    a.value as value_a,
    b.department as department_b,
    b.value as value_b,
    {{int64 'case
      when a.department = b.department and a.value = b.value then (a.products * (a.products - 1)) / 2
      else a.products * b.products
    end'}} as meetings
  from holdings as a
  inner join holdings as b on b.dimension = a.dimension and b.order_id = a.order_id
  where a.department < b.department or (a.department = b.department and a.value <= b.value)
)
select
  dimension,
  department_a,
  value_a,
  department_b,
  value_b,
  {{sum_int 'meetings'}} as meetings,
  {{sum_int 'meetings * meetings'}} as squares,
  count(*) as baskets
from met
where meetings > 0
group by dimension, department_a, value_a, department_b, value_b
order by dimension, department_a, value_a, department_b, value_b
