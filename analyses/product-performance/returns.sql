-- Deliveries by week of the order, over a year: each category, and the products with the most recent returns.
with items as (
  select
    product_id,
    category,
    order_week,
    quantity,
    is_returned
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and status in ('Complete', 'Returned')
    and order_week <= {{week}}
    and order_week > {{add_days (week) '-364'}}
),
suspects as (
  select
    product_id,
    row_number() over (
      order by {{sum_int_if 'quantity' 'is_returned'}} desc, product_id
    ) as place
  from items
  group by product_id
),
counted as (
  select
    items.category,
    {{null_of 'string'}} as product_id,
    items.order_week as week,
    items.quantity,
    items.is_returned
  from items
  union all
  select
    items.category,
    items.product_id,
    items.order_week as week,
    items.quantity,
    items.is_returned
  from items
  inner join suspects on suspects.product_id = items.product_id
  where suspects.place <= 50
)
select
  category,
  product_id,
  week,
  {{sum_int 'quantity'}} as delivered,
  {{sum_int_if 'quantity' 'is_returned'}} as returned
from counted
group by category, product_id, week
order by category, coalesce(product_id, ''), week
