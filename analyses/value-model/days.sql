-- Repeat purchases of the customers won by the cut-off, by day from the cut-off: those up to it as they were known then.
with items as (
  select
    items.customer_id,
    items.order_id,
    items.order_date,
    customers.cutoff_date,
    items.is_returned and (items.order_date > customers.cutoff_date or items.returned_date <= customers.cutoff_date) as is_back
  from {{ref 'order_items_enriched'}} as items
  inner join {{ref 'customer_value_holdout'}} as customers on customers.customer_id = items.customer_id
  where items.is_sale and items.order_date > customers.first_order_date
),
purchases as (
  select customer_id, order_id, order_date, cutoff_date
  from items
  group by customer_id, order_id, order_date, cutoff_date
  having {{count_if 'not is_back'}} > 0
),
customer_days as (
  select customer_id, order_date, cutoff_date
  from purchases
  group by customer_id, order_date, cutoff_date
)
select {{days_between 'cutoff_date' 'order_date'}} as day, count(*) as purchases
from customer_days
group by cutoff_date, order_date
order by day
