with items as (
  select
    items.order_item_id,
    items.order_id,
    orders.customer_id,
    items.product_id,
    orders.ordered_at,
    {{local_date 'orders.ordered_at'}} as order_date,
    items.status,
    orders.status as order_status,
    sequence.is_sale and items.status <> 'Cancelled' as is_sale,
    sequence.is_sale and items.status = 'Returned' as is_returned,
    sequence.order_number,
    sequence.customer_type,
    items.quantity,
    items.unit_price,
    coalesce(items.returned_at, orders.ordered_at) as refunded_at,
    orders.shipped_at,
    orders.delivered_at
  from {{ref 'stg_order_items'}} as items
  inner join {{ref 'stg_orders'}} as orders on orders.order_id = items.order_id
  inner join {{ref 'order_sequence'}} as sequence on sequence.order_id = items.order_id
),
described as (
  select
    items.*,
    case when items.is_sale then items.quantity else 0 end as sold,
    case when items.is_returned then items.quantity else 0 end as returned,
    case when items.is_returned then {{local_date 'items.refunded_at'}} end as returned_date,
    coalesce(products.list_price, items.unit_price) as list_price,
    products.cost,
    coalesce(products.category, 'Unknown') as category,
    coalesce(products.department, 'Unknown') as department,
    coalesce(products.brand, 'Unknown') as brand,
    products.distribution_center_id,
    coalesce(customers.country, 'Unknown') as country,
    coalesce(customers.region, 'Unknown') as region,
    coalesce(customers.city, 'Unknown') as city,
    coalesce(customers.source, 'Unknown') as source
  from items
  left join {{ref 'stg_products'}} as products on products.product_id = items.product_id
  left join {{ref 'stg_customers'}} as customers on customers.customer_id = items.customer_id
),
final as (
  select
    order_item_id,
    order_id,
    customer_id,
    product_id,
    ordered_at,
    order_date,
    {{week_start 'order_date'}} as order_week,
    {{month_start 'order_date'}} as order_month,
    returned_date,
    {{week_start 'returned_date'}} as returned_week,
    {{month_start 'returned_date'}} as returned_month,
    status,
    order_status,
    is_sale,
    is_returned,
    quantity,
    {{money 'unit_price * sold'}} as gross_amount,
    {{money 'unit_price * returned'}} as refund_amount,
    {{money 'cost * sold'}} as cost_amount,
    {{money 'cost * returned'}} as refund_cost,
    {{money 'list_price * sold'}} as list_amount,
    category,
    department,
    brand,
    country,
    region,
    city,
    source,
    customer_type,
    order_number,
    distribution_center_id,
    shipped_at,
    delivered_at
  from described
)
select * from final
