-- Orders of fifty-two weeks by country: exact sums of amounts and of their squares, for means with intervals.
with sums as (
  select
    country,
    count(*) as orders,
    count(distinct customer_id) as customers,
    {{sum_money 'gross_amount'}} as gross_amount,
    sum(gross_amount * gross_amount) as gross_squares
  from {{ref 'order_facts'}}
  where is_sale and week <= {{week}} and week > {{add_days (week) '-364'}}
  group by country
)
select country, orders, customers, gross_amount, {{float64 'gross_squares'}} as gross_squares
from sums
order by country
