with orders as (
  select
    sum(case when orders.status = 'Cancelled' then 1 else 0 end) as cancelled_order,
    sum(case when orders.status <> 'Cancelled' and not orders.is_sale then 1 else 0 end) as order_without_items,
    sum(case when customers.customer_id is null then 1 else 0 end) as order_without_customer
  from {{ref 'user_orders'}} as orders
  left join {{ref 'stg_customers'}} as customers on customers.customer_id = orders.customer_id
),
items as (
  select
    sum(case when items.is_sale and products.product_id is null then 1 else 0 end) as item_without_product,
    sum(case when items.is_sale and products.product_id is not null and items.cost_amount is null then 1 else 0 end) as item_without_cost
  from {{ref 'order_items_enriched'}} as items
  left join {{ref 'stg_products'}} as products on products.product_id = items.product_id
),
counted as (
  select 'orders' as table_name, 'cancelled_order' as reason, 'dropped' as treatment, cancelled_order as n from orders
  union all
  select 'orders', 'order_without_items', 'dropped', order_without_items from orders
  union all
  select 'orders', 'order_without_customer', 'kept', order_without_customer from orders
  union all
  select 'order_items', 'item_without_product', 'kept', item_without_product from items
  union all
  select 'order_items', 'item_without_cost', 'kept', item_without_cost from items
),
final as (
  select table_name, reason, treatment, past_wall, excluded_rows
  from {{ref 'stg_exclusions'}}
  union all
  select table_name, reason, treatment, false as past_wall, {{int64 'n'}} as excluded_rows
  from counted
  where n > 0
)
select * from final
