with kinds as (
  select 'week' as unit
  union all
  select 'month'
),
bounds as (
  select min(date) as first_day from {{ref 'sales_daily'}}
),
sales as (
  select
    kinds.unit,
    case kinds.unit when 'week' then days.week else days.month end as start,
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
  from {{ref 'sales_daily'}} as days
  cross join kinds
  group by unit, start
),
customers as (
  select
    kinds.unit,
    case kinds.unit when 'week' then orders.order_week else orders.order_month end as start,
    count(distinct orders.customer_id) as active_customers
  from {{ref 'user_orders'}} as orders
  cross join kinds
  where orders.is_sale
  group by unit, start
),
signup_days as (
  select {{local_date 'created_at'}} as day, count(*) as signups
  from {{ref 'stg_customers'}}
  where created_at is not null
  group by day
),
signups as (
  select
    kinds.unit,
    case kinds.unit when 'week' then {{week_start 'days.day'}} else {{month_start 'days.day'}} end as start,
    {{sum_int 'days.signups'}} as signups
  from signup_days as days
  cross join kinds
  group by unit, start
),
session_days as (
  select session_date as day, count(*) as sessions, {{count_if 'reached_purchase'}} as purchase_sessions
  from {{ref 'sessions'}}
  group by day
),
sessions as (
  select
    kinds.unit,
    case kinds.unit when 'week' then {{week_start 'days.day'}} else {{month_start 'days.day'}} end as start,
    {{sum_int 'days.sessions'}} as sessions,
    {{sum_int 'days.purchase_sessions'}} as purchase_sessions
  from session_days as days
  cross join kinds
  group by unit, start
),
joined as (
  select
    sales.*,
    case sales.unit
      when 'week' then {{add_days 'sales.start' 6}}
      else {{add_days (add_months 'sales.start' 1) -1}}
    end as last_day,
    bounds.first_day,
    coalesce(customers.active_customers, 0) as active_customers,
    coalesce(signups.signups, 0) as signups,
    coalesce(sessions.sessions, 0) as sessions,
    coalesce(sessions.purchase_sessions, 0) as purchase_sessions
  from sales
  cross join bounds
  left join customers on customers.unit = sales.unit and customers.start = sales.start
  left join signups on signups.unit = sales.unit and signups.start = sales.start
  left join sessions on sessions.unit = sales.unit and sessions.start = sales.start
),
final as (
  select
    unit,
    start,
    start >= first_day and last_day <= {{as_of}} as is_complete,
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
