-- Sign-ups by month, and how many ordered within so many days; of sign-ups that have been seen for 365 days.
with dated as (
  select
    signup_month as month,
    orders,
    days_to_first_order as days,
    {{days_between 'signup_date' (as_of)}} as age
  from {{ref 'customer_metrics'}}
)
select
  month,
  count(*) as signups,
  {{count_if 'orders > 0'}} as buyers,
  {{count_if 'age >= 365'}} as observed_365,
  {{count_if 'age >= 365 and days <= 1'}} as within_1,
  {{count_if 'age >= 365 and days <= 7'}} as within_7,
  {{count_if 'age >= 365 and days <= 30'}} as within_30,
  {{count_if 'age >= 365 and days <= 90'}} as within_90,
  {{count_if 'age >= 365 and days <= 180'}} as within_180,
  {{count_if 'age >= 365 and days <= 365'}} as within_365
from dated
group by month
order by month
