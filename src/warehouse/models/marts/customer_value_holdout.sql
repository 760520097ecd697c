with history as (
  select {{days_between 'min(order_date)' (as_of)}} as history_days
  from {{ref 'user_orders'}}
  where is_sale and customer_id is not null
),
split as (
  select history_days, least(182, {{int_divide 'history_days' 3}}) as holdout_days
  from history
),
cutoff as (
  select history_days, holdout_days, {{add_days (as_of) '(0 - holdout_days)'}} as cutoff_date
  from split
  where holdout_days > 0
),
items as (
  select
    items.customer_id,
    items.order_id,
    items.order_date,
    items.order_date > cutoff.cutoff_date as is_held,
    items.is_returned and (items.order_date > cutoff.cutoff_date or items.returned_date <= cutoff.cutoff_date) as is_back,
    items.gross_amount,
    items.refund_amount
  from {{ref 'order_items_enriched'}} as items
  cross join cutoff
  where items.is_sale and items.customer_id is not null
),
purchases as (
  select
    customer_id,
    order_id,
    order_date,
    is_held,
    sum(gross_amount) - {{sum_money_if 'refund_amount' 'is_back'}} as net_amount
  from items
  group by customer_id, order_id, order_date, is_held
  having {{count_if 'not is_back'}} > 0
),
days as (
  select customer_id, order_date, is_held, {{sum_money 'net_amount'}} as net_amount
  from purchases
  group by customer_id, order_date, is_held
),
customers as (
  select
    customer_id,
    min(order_date) as first_order_date,
    max(case when not is_held then order_date end) as last_order_date_cal,
    {{count_if 'not is_held'}} - 1 as x_cal,
    {{first_by 'net_amount' 'order_date' 'order_date'}} as first_value,
    {{sum_money_if 'net_amount' 'not is_held'}} as total_value_cal,
    {{count_if 'is_held'}} as x_holdout,
    {{sum_money_if 'net_amount' 'is_held'}} as value_holdout
  from days
  group by customer_id
),
final as (
  select
    customers.customer_id,
    cutoff.history_days,
    cutoff.cutoff_date,
    customers.first_order_date,
    customers.last_order_date_cal,
    customers.x_cal,
    {{days_between 'customers.first_order_date' 'customers.last_order_date_cal'}} as t_x_cal_days,
    {{days_between 'customers.first_order_date' 'cutoff.cutoff_date'}} as t_cal_days,
    {{money 'customers.total_value_cal - customers.first_value'}} as repeat_value_cal,
    customers.total_value_cal,
    {{safe_divide 'customers.total_value_cal - customers.first_value' 'customers.x_cal'}} as m_cal,
    cutoff.holdout_days,
    customers.x_holdout,
    customers.value_holdout
  from customers
  cross join cutoff
  where customers.first_order_date <= cutoff.cutoff_date
)
select * from final
