with items as (
  select id, order_id, product_id, status, shipped_at, delivered_at, returned_at, sale_price
  from {{source 'order_items'}}
),
orders as (
  select
    order_id,
    user_id,
    created_at as ordered_at,
    shipped_at as order_shipped_at,
    delivered_at as order_delivered_at,
    returned_at as order_returned_at
  from {{source 'orders'}}
  where created_at < {{wall}}
),
joined as (
  select
    items.id,
    orders.order_id,
    orders.user_id,
    items.product_id,
    items.status,
    items.sale_price,
    orders.ordered_at,
    coalesce(items.shipped_at, orders.order_shipped_at) as shipped_at,
    coalesce(items.delivered_at, orders.order_delivered_at) as delivered_at,
    coalesce(items.returned_at, orders.order_returned_at) as returned_at
  from items
  inner join orders on orders.order_id = items.order_id
),
final as (
  select
    {{string 'id'}} as order_item_id,
    {{string 'order_id'}} as order_id,
    {{string 'user_id'}} as customer_id,
    {{string 'product_id'}} as product_id,
    case
      when status not in ('Processing', 'Shipped', 'Complete', 'Returned') then status
      when status = 'Returned' and coalesce(returned_at, delivered_at, shipped_at, ordered_at) < {{wall}} then 'Returned'
      when status in ('Complete', 'Returned') and delivered_at < {{wall}} then 'Complete'
      when status = 'Complete' and delivered_at is null and coalesce(shipped_at, ordered_at) < {{wall}} then 'Complete'
      when status in ('Shipped', 'Complete', 'Returned') and shipped_at < {{wall}} then 'Shipped'
      when status = 'Shipped' and shipped_at is null then 'Shipped'
      else 'Processing'
    end as status,
    {{int64 1}} as quantity,
    {{numeric 'sale_price'}} as unit_price,
    case when status = 'Returned' and returned_at < {{wall}} then returned_at end as returned_at
  from joined
)
select * from final
