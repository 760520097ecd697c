with sold as (
  select order_id
  from {{ref 'stg_order_items'}}
  where status <> 'Cancelled'
  group by order_id
),
orders as (
  select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    case when orders.status <> 'Cancelled' and sold.order_id is not null then 1 else 0 end as sale
  from {{ref 'stg_orders'}} as orders
  left join sold on sold.order_id = orders.order_id
),
counted as (
  select
    order_id,
    customer_id,
    sale,
    coalesce(
      sum(sale) over (
        partition by customer_id
        order by ordered_at, order_id
        rows between unbounded preceding and 1 preceding
      ),
      0
    ) as earlier_orders
  from orders
),
final as (
  select
    order_id,
    sale = 1 as is_sale,
    case when sale = 1 and customer_id is not null then {{int64 'earlier_orders + 1'}} end as order_number,
    case when customer_id is null then 'unknown' when earlier_orders = 0 then 'new' else 'returning' end as customer_type
  from counted
)
select * from final
