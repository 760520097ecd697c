with orders as (
  select
    customer_id,
    {{count_if 'is_sale'}} as orders,
    {{count_if "status = 'Cancelled'"}} as cancelled_orders,
    {{sum_int 'items'}} as items,
    {{sum_int 'returned_items'}} as returned_items,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money 'net_amount'}} as net_revenue,
    {{sum_money 'cost_amount'}} as cost_amount,
    min(case when is_sale then order_date end) as first_order_date,
    max(case when is_sale then order_date end) as last_order_date
  from {{ref 'user_orders'}}
  group by customer_id
),
items as (
  select
    customer_id,
    count(distinct product_id) as products,
    count(distinct category) as categories,
    {{first_by 'category' 'order_number' 'order_item_id'}} as first_category
  from {{ref 'order_items_enriched'}}
  where is_sale
  group by customer_id
),
joined as (
  select
    customers.customer_id,
    customers.created_at,
    {{local_date 'customers.created_at'}} as signup_date,
    customers.country,
    customers.region,
    customers.city,
    customers.gender,
    customers.age,
    customers.source,
    coalesce(events.events, 0) as events,
    coalesce(events.sessions, 0) as sessions,
    coalesce(events.product_views, 0) as product_views,
    coalesce(events.carts, 0) as carts,
    {{local_date 'events.last_event_at'}} as last_event_date,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.cancelled_orders, 0) as cancelled_orders,
    coalesce(orders.items, 0) as items,
    coalesce(orders.returned_items, 0) as returned_items,
    coalesce(orders.gross_amount, 0) as gross_amount,
    coalesce(orders.refund_amount, 0) as refund_amount,
    coalesce(orders.net_revenue, 0) as net_revenue,
    coalesce(orders.cost_amount, 0) as cost_amount,
    orders.first_order_date,
    orders.last_order_date,
    coalesce(items.products, 0) as products,
    coalesce(items.categories, 0) as categories,
    items.first_category
  from {{ref 'stg_customers'}} as customers
  left join orders on orders.customer_id = customers.customer_id
  left join items on items.customer_id = customers.customer_id
  left join {{ref 'user_events'}} as events on events.customer_id = customers.customer_id
),
final as (
  select
    customer_id,
    created_at,
    signup_date,
    {{month_start 'signup_date'}} as signup_month,
    coalesce(country, 'Unknown') as country,
    coalesce(region, 'Unknown') as region,
    coalesce(city, 'Unknown') as city,
    gender,
    age,
    coalesce(source, 'Unknown') as source,
    events,
    sessions,
    product_views,
    carts,
    orders,
    cancelled_orders,
    items,
    returned_items,
    {{money 'gross_amount'}} as gross_amount,
    {{money 'refund_amount'}} as refund_amount,
    {{money 'net_revenue'}} as net_revenue,
    {{money 'net_revenue - cost_amount'}} as margin,
    products,
    categories,
    first_order_date,
    last_order_date,
    {{month_start 'first_order_date'}} as first_order_month,
    {{days_between 'last_order_date' (as_of)}} as recency_days,
    {{days_between 'signup_date' 'first_order_date'}} as days_to_first_order,
    {{safe_divide 'gross_amount' 'orders'}} as average_order_value,
    first_category,
    last_event_date
  from joined
)
select * from final
