with users as (
  select
    sum(case when created_at >= {{wall}} then 1 else 0 end) as signed_up_after_as_of,
    sum(case when known and coalesce(trim(city), 'null') in ('null', '') then 1 else 0 end) as unknown_city,
    sum(case when known and coalesce(trim(country), 'null') in ('null', '') then 1 else 0 end) as unknown_country,
    sum(
      case
        when known and trim(country) in ('España', 'Deutschland', 'Brasil', 'Italia', 'Österreich', 'België', 'Belgique', 'Polska', '中国', '日本', '대한민국')
          then 1
        else 0
      end
    ) as country_renamed
  from (select created_at, city, country, created_at is null or created_at < {{wall}} as known from {{source 'users'}}) as raw_users
),
orders as (
  select
    sum(case when created_at >= {{wall}} then 1 else 0 end) as ordered_after_as_of,
    sum(case when created_at is null then 1 else 0 end) as order_without_time,
    sum(case when created_at < {{wall}} and shipped_at >= {{wall}} then 1 else 0 end) as shipped_after_as_of,
    sum(case when created_at < {{wall}} and delivered_at >= {{wall}} then 1 else 0 end) as delivered_after_as_of,
    sum(case when created_at < {{wall}} and returned_at >= {{wall}} then 1 else 0 end) as returned_after_as_of,
    sum(
      case
        when created_at < {{wall}} and (
          (status = 'Shipped' and shipped_at >= {{wall}})
          or (status = 'Complete' and coalesce(delivered_at, shipped_at) >= {{wall}})
          or (status = 'Returned' and coalesce(returned_at, delivered_at, shipped_at) >= {{wall}})
        ) then 1
        else 0
      end
    ) as status_set_back
  from {{source 'orders'}}
),
items as (
  select
    sum(case when orders.created_at >= {{wall}} then 1 else 0 end) as item_ordered_after_as_of,
    sum(case when orders.order_id is null or orders.created_at is null then 1 else 0 end) as item_without_order
  from {{source 'order_items'}} as items
  left join {{source 'orders'}} as orders on orders.order_id = items.order_id
),
events as (
  select
    sum(case when created_at >= {{wall}} then 1 else 0 end) as event_after_as_of,
    sum(case when created_at is null then 1 else 0 end) as event_without_time,
    sum(case when created_at < {{wall}} and user_id is null then 1 else 0 end) as anonymous_event
  from {{source 'events'}}
),
inventory as (
  select
    sum(case when created_at >= {{wall}} then 1 else 0 end) as received_after_as_of,
    sum(case when created_at is null then 1 else 0 end) as stock_without_time,
    sum(case when created_at < {{wall}} and sold_at >= {{wall}} then 1 else 0 end) as sold_after_as_of
  from {{source 'inventory_items'}}
),
products as (
  select
    sum(case when coalesce(trim(name), 'null') in ('null', '') then 1 else 0 end) as product_without_name,
    sum(case when coalesce(trim(brand), 'null') in ('null', '') then 1 else 0 end) as product_without_brand
  from {{source 'products'}}
),
counted as (
  select 'users' as table_name, 'signed_up_after_as_of' as reason, 'dropped' as treatment, true as past_wall, signed_up_after_as_of as n from users
  union all
  select 'users', 'unknown_city', 'changed', false, unknown_city from users
  union all
  select 'users', 'unknown_country', 'changed', false, unknown_country from users
  union all
  select 'users', 'country_renamed', 'changed', false, country_renamed from users
  union all
  select 'orders', 'ordered_after_as_of', 'dropped', true, ordered_after_as_of from orders
  union all
  select 'orders', 'order_without_time', 'dropped', false, order_without_time from orders
  union all
  select 'orders', 'shipped_after_as_of', 'changed', true, shipped_after_as_of from orders
  union all
  select 'orders', 'delivered_after_as_of', 'changed', true, delivered_after_as_of from orders
  union all
  select 'orders', 'returned_after_as_of', 'changed', true, returned_after_as_of from orders
  union all
  select 'orders', 'status_set_back', 'changed', true, status_set_back from orders
  union all
  select 'order_items', 'item_ordered_after_as_of', 'dropped', true, item_ordered_after_as_of from items
  union all
  select 'order_items', 'item_without_order', 'dropped', false, item_without_order from items
  union all
  select 'events', 'event_after_as_of', 'dropped', true, event_after_as_of from events
  union all
  select 'events', 'event_without_time', 'dropped', false, event_without_time from events
  union all
  select 'events', 'anonymous_event', 'kept', false, anonymous_event from events
  union all
  select 'inventory_items', 'received_after_as_of', 'dropped', true, received_after_as_of from inventory
  union all
  select 'inventory_items', 'stock_without_time', 'dropped', false, stock_without_time from inventory
  union all
  select 'inventory_items', 'sold_after_as_of', 'changed', true, sold_after_as_of from inventory
  union all
  select 'products', 'product_without_name', 'changed', false, product_without_name from products
  union all
  select 'products', 'product_without_brand', 'changed', false, product_without_brand from products
),
final as (
  select table_name, reason, treatment, past_wall, {{int64 'n'}} as excluded_rows
  from counted
  where n > 0
)
select * from final
