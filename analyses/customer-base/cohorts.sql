-- First-time buyers by the month of their first order; a window counts only where the as-of date lies behind its end.
with sales as (
  select
    customer_id,
    min(order_date) as first_date,
    min(case when order_number = 2 then order_date end) as second_date
  from {{ref 'order_facts'}}
  where is_sale
  group by customer_id
),
dated as (
  select
    {{month_start 'first_date'}} as month,
    {{days_between 'first_date' (as_of)}} as age,
    {{days_between 'first_date' 'second_date'}} as gap
  from sales
)
select
  month,
  count(*) as buyers,
  {{count_if 'age >= 90'}} as observed,
  {{count_if 'age >= 90 and gap <= 90'}} as repeated
from dated
group by month
order by month
