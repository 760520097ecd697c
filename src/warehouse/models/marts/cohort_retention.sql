with sales as (
  select customer_id, order_month, order_number, gross_amount
  from {{ref 'user_orders'}}
  where is_sale and customer_id is not null
),
members as (
  select customer_id, order_month as cohort_month
  from sales
  where order_number = 1
),
cohorts as (
  select cohort_month, count(*) as customers
  from members
  group by cohort_month
),
bounds as (
  select min(cohort_month) as first_month, {{month_start (as_of)}} as last_month
  from cohorts
),
calendar as (
  select day as month
  from {{date_series 'bounds' 'first_month' 'last_month' 'month'}} as months
),
activity as (
  select
    members.cohort_month,
    sales.order_month,
    count(distinct sales.customer_id) as active_customers,
    count(*) as orders,
    {{sum_money 'sales.gross_amount'}} as gross_amount
  from sales
  inner join members on members.customer_id = sales.customer_id
  group by members.cohort_month, sales.order_month
),
final as (
  select
    cohorts.cohort_month,
    {{months_between 'cohorts.cohort_month' 'calendar.month'}} as months_since,
    cohorts.customers,
    coalesce(activity.active_customers, 0) as active_customers,
    coalesce(activity.orders, 0) as orders,
    {{money 'coalesce(activity.gross_amount, 0)'}} as gross_amount,
    {{add_days (add_months 'calendar.month' 1) -1}} <= {{as_of}} as is_complete
  from cohorts
  inner join calendar on calendar.month >= cohorts.cohort_month
  left join activity on activity.cohort_month = cohorts.cohort_month and activity.order_month = calendar.month
)
select * from final
