with final as (
  select
    orders.order_id,
    orders.customer_id,
    orders.order_date,
    orders.order_week as week,
    orders.order_month as month,
    orders.status,
    orders.is_sale,
    orders.order_number,
    orders.customer_type,
    orders.items,
    orders.gross_amount,
    orders.net_amount,
    coalesce(customers.country, 'Unknown') as country,
    coalesce(customers.source, 'Unknown') as source
  from {{ref 'user_orders'}} as orders
  left join {{ref 'stg_customers'}} as customers on customers.customer_id = orders.customer_id
)
select * from final
