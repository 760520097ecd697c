-- Items that arrived, by category: all of them, and those ordered in the last thirteen complete weeks.
with items as (
  select
    category,
    quantity,
    is_returned,
    order_week > {{add_days (week) '-91'}} and order_week <= {{week}} as is_recent
  from {{ref 'order_items_enriched'}}
  where is_sale and status in ('Complete', 'Returned')
)
select
  category,
  {{sum_int 'quantity'}} as delivered,
  {{sum_int_if 'quantity' 'is_returned'}} as returned,
  {{sum_int_if 'quantity' 'is_recent'}} as delivered_13w,
  {{sum_int_if 'quantity' 'is_recent and is_returned'}} as returned_13w
from items
group by category
order by category
