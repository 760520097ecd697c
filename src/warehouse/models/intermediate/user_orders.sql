with items as (
  select
    order_id,
    {{sum_int_if 'quantity' 'is_sale'}} as items,
    {{sum_int_if 'quantity' 'is_returned'}} as returned_items,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money 'cost_amount'}} as cost_amount,
    {{sum_money 'refund_cost'}} as refund_cost
  from {{ref 'order_items_enriched'}}
  group by order_id
),
orders as (
  select
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    {{local_date 'orders.ordered_at'}} as order_date,
    orders.status,
    orders.shipped_at,
    orders.delivered_at,
    orders.returned_at,
    sequence.is_sale,
    sequence.order_number,
    sequence.customer_type,
    coalesce(items.items, 0) as items,
    coalesce(items.returned_items, 0) as returned_items,
    coalesce(items.gross_amount, 0) as gross_amount,
    coalesce(items.refund_amount, 0) as refund_amount,
    coalesce(items.cost_amount, 0) as cost_amount,
    coalesce(items.refund_cost, 0) as refund_cost
  from {{ref 'stg_orders'}} as orders
  inner join {{ref 'order_sequence'}} as sequence on sequence.order_id = orders.order_id
  left join items on items.order_id = orders.order_id
),
final as (
  select
    order_id,
    customer_id,
    ordered_at,
    order_date,
    {{week_start 'order_date'}} as order_week,
    {{month_start 'order_date'}} as order_month,
    status,
    is_sale,
    order_number,
    customer_type,
    items,
    returned_items,
    gross_amount,
    refund_amount,
    {{money 'gross_amount - refund_amount'}} as net_amount,
    {{money 'cost_amount - refund_cost'}} as cost_amount,
    shipped_at,
    delivered_at,
    returned_at
  from orders
)
select * from final
