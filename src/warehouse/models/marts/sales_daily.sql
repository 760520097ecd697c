with bounds as (
  select min(order_date) as first_day, {{as_of}} as last_day
  from {{ref 'user_orders'}}
),
days as (
  select day
  from {{date_series 'bounds' 'first_day' 'last_day' 'day'}} as calendar
),
orders as (
  select
    order_date,
    {{count_if 'is_sale'}} as orders,
    {{count_if "status = 'Cancelled'"}} as cancelled_orders,
    {{count_if 'order_number > 1'}} as repeat_orders,
    count(distinct case when is_sale then customer_id end) as customers,
    {{count_if 'order_number = 1'}} as new_customers
  from {{ref 'user_orders'}}
  group by order_date
),
sales as (
  select
    order_date,
    {{sum_int_if 'quantity' 'is_sale'}} as units,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'list_amount'}} as list_amount,
    {{sum_money 'cost_amount'}} as cost_amount
  from {{ref 'order_items_enriched'}}
  group by order_date
),
refunds as (
  select
    returned_date,
    {{sum_int 'quantity'}} as returned_units,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money 'refund_cost'}} as refund_cost
  from {{ref 'order_items_enriched'}}
  where is_returned
  group by returned_date
),
joined as (
  select
    days.day,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.cancelled_orders, 0) as cancelled_orders,
    coalesce(orders.repeat_orders, 0) as repeat_orders,
    coalesce(orders.customers, 0) as customers,
    coalesce(orders.new_customers, 0) as new_customers,
    coalesce(sales.units, 0) as units,
    coalesce(refunds.returned_units, 0) as returned_units,
    coalesce(sales.gross_amount, 0) as gross_amount,
    coalesce(sales.list_amount, 0) as list_amount,
    coalesce(refunds.refund_amount, 0) as refund_amount,
    coalesce(sales.cost_amount, 0) - coalesce(refunds.refund_cost, 0) as net_cost
  from days
  left join orders on orders.order_date = days.day
  left join sales on sales.order_date = days.day
  left join refunds on refunds.returned_date = days.day
),
final as (
  select
    day as date,
    {{week_start 'day'}} as week,
    {{month_start 'day'}} as month,
    orders,
    cancelled_orders,
    repeat_orders,
    customers,
    new_customers,
    units,
    returned_units,
    {{money 'gross_amount'}} as gross_amount,
    {{money 'list_amount'}} as list_amount,
    {{money 'refund_amount'}} as refund_amount,
    {{money 'gross_amount - refund_amount'}} as net_revenue,
    {{money 'net_cost'}} as net_cost,
    {{money 'gross_amount - refund_amount - net_cost'}} as margin
  from joined
)
select * from final
