with customers as (
  select
    customer_id,
    min(order_date) as first_order_date,
    max(order_date) as last_order_date,
    count(*) - 1 as x,
    {{first_by 'net_amount' 'order_date' 'order_date'}} as first_value,
    {{sum_money 'net_amount'}} as total_value
  from {{ref 'purchase_days'}}
  group by customer_id
),
final as (
  select
    customer_id,
    first_order_date,
    last_order_date,
    x,
    {{days_between 'first_order_date' 'last_order_date'}} as t_x_days,
    {{days_between 'first_order_date' (as_of)}} as t_days,
    first_value,
    {{money 'total_value - first_value'}} as repeat_value,
    total_value,
    {{safe_divide 'total_value - first_value' 'x'}} as m
  from customers
)
select * from final
