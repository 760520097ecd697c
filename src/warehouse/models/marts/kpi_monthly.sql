with bounds as (
  select min(date) as first_day from {{ref 'sales_daily'}}
),
sales as (
  select
    month,
    {{sum_int 'orders'}} as orders,
    {{sum_int 'cancelled_orders'}} as cancelled_orders,
    {{sum_int 'repeat_orders'}} as repeat_orders,
    {{sum_int 'new_customers'}} as new_customers,
    {{sum_int 'units'}} as units,
    {{sum_int 'returned_units'}} as returned_units,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'list_amount'}} as list_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money 'net_revenue'}} as net_revenue,
    {{sum_money 'net_cost'}} as net_cost,
    {{sum_money 'margin'}} as margin
  from {{ref 'sales_daily'}}
  group by month
),
customers as (
  select order_month, count(distinct customer_id) as active_customers
  from {{ref 'user_orders'}}
  where is_sale
  group by order_month
),
signups as (
  select {{month_start (local_date 'created_at')}} as signup_month, count(*) as signups
  from {{ref 'stg_customers'}}
  where created_at is not null
  group by signup_month
),
sessions as (
  select {{month_start 'session_date'}} as started_month, count(*) as sessions, {{count_if 'reached_purchase'}} as purchase_sessions
  from {{ref 'sessions'}}
  group by started_month
),
joined as (
  select
    sales.*,
    sales.month >= bounds.first_day and {{add_days (add_months 'sales.month' 1) -1}} <= {{as_of}} as is_complete,
    coalesce(customers.active_customers, 0) as active_customers,
    coalesce(signups.signups, 0) as signups,
    coalesce(sessions.sessions, 0) as sessions,
    coalesce(sessions.purchase_sessions, 0) as purchase_sessions
  from sales
  cross join bounds
  left join customers on customers.order_month = sales.month
  left join signups on signups.signup_month = sales.month
  left join sessions on sessions.started_month = sales.month
),
final as (
  select
    month,
    is_complete,
    orders,
    cancelled_orders,
    units,
    gross_amount,
    refund_amount,
    net_revenue,
    net_cost,
    margin,
    {{safe_divide 'margin' 'net_revenue'}} as margin_share,
    {{safe_divide 'gross_amount' 'orders'}} as aov,
    active_customers,
    new_customers,
    active_customers - new_customers as returning_customers,
    repeat_orders,
    {{safe_divide 'repeat_orders' 'orders'}} as repeat_order_share,
    returned_units,
    {{safe_divide 'refund_amount' 'gross_amount'}} as return_share,
    {{safe_divide 'cancelled_orders' 'orders + cancelled_orders'}} as cancellation_rate,
    signups,
    sessions,
    purchase_sessions,
    {{safe_divide 'purchase_sessions' 'sessions'}} as conversion,
    list_amount,
    {{safe_divide 'list_amount - gross_amount' 'list_amount'}} as discount_share
  from joined
)
select * from final
