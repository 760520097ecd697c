-- Customers by source, age and gender. Windows: 90 days from sign-up for a first order, 90 from it for a second, 180 from it for what was
-- spent; of the two years up to the last day whose window has closed, so that groups are compared at the same age.
with dated as (
  select
    customer_id,
    order_date,
    order_number,
    net_amount,
    min(order_date) over (partition by customer_id) as first_date
  from {{ref 'order_facts'}}
  where is_sale
),
aged as (
  select
    customer_id,
    order_number,
    net_amount,
    {{days_between 'first_date' 'order_date'}} as day,
    {{days_between 'first_date' (as_of)}} as age
  from dated
),
starts as (
  select
    customer_id,
    min(age) as days_seen,
    min(case when order_number = 2 then day end) as gap,
    {{sum_money_if 'net_amount' 'day <= 180'}} as early_net
  from aged
  group by customer_id
),
customers as (
  select
    coalesce(customers.source, 'Unknown') as source,
    case
      when customers.age is null then 'Not stated'
      when customers.age < 25 then 'Under 25'
      when customers.age < 35 then '25–34'
      when customers.age < 45 then '35–44'
      when customers.age < 55 then '45–54'
      when customers.age < 65 then '55–64'
      else '65 and over'
    end as age_band,
    coalesce(customers.gender, 'Not stated') as gender,
    customers.orders,
    customers.net_revenue,
    {{days_between 'customers.signup_date' (as_of)}} >= 90 and {{days_between 'customers.signup_date' (as_of)}} < 820 as is_member_90,
    coalesce(customers.days_to_first_order <= 90, false) as is_quick,
    coalesce(starts.days_seen >= 90 and starts.days_seen < 820, false) as is_seen_90,
    coalesce(starts.days_seen >= 90 and starts.days_seen < 820 and starts.gap <= 90, false) as is_repeat,
    coalesce(starts.days_seen >= 180 and starts.days_seen < 910, false) as is_seen_180,
    coalesce(starts.early_net, 0) as early_net
  from {{ref 'customer_metrics'}} as customers
  left join starts on starts.customer_id = customers.customer_id
),
sliced as (
  select 'source' as dimension, source as value, orders, net_revenue, is_member_90, is_quick, is_seen_90, is_repeat, is_seen_180, early_net from customers
  union all
  select 'age', age_band, orders, net_revenue, is_member_90, is_quick, is_seen_90, is_repeat, is_seen_180, early_net from customers
  union all
  select 'gender', gender, orders, net_revenue, is_member_90, is_quick, is_seen_90, is_repeat, is_seen_180, early_net from customers
)
select
  dimension,
  value,
  count(*) as customers,
  {{count_if 'orders > 0'}} as buyers,
  {{sum_int 'orders'}} as orders,
  {{sum_money 'net_revenue'}} as net_revenue,
  {{count_if 'is_member_90'}} as members,
  {{count_if 'is_member_90 and is_quick'}} as started,
  {{count_if 'is_seen_90'}} as observed,
  {{count_if 'is_repeat'}} as repeated,
  {{count_if 'is_seen_180'}} as valued,
  {{sum_money_if 'early_net' 'is_seen_180'}} as early_net,
  {{sum_money_if 'round(early_net * early_net, 2)' 'is_seen_180'}} as early_square
from sliced
group by dimension, value
order by dimension, value
