-- Customers by the week of their first purchase, of the last year of complete weeks: what they spent first, and what is expected of them.
with usual as (
  select {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as usual
  from {{ref 'customer_value_base'}}
),
valued as (
  select
    {{week_start 'base.first_order_date'}} as week,
    base.x,
    base.first_value,
    {{safe_divide 'base.first_value' 'usual.usual'}} as first_size,
    {{numeric 'scores.discounted_365 * (scores.spend_base + scores.spend_own * coalesce(base.m, 0))'}} as value_365,
    {{safe_divide 'scores.discounted_365 * (scores.spend_base + scores.spend_own * coalesce(base.m, 0))' 'usual.usual'}} as expected
  from {{ref 'customer_value_base'}} as base
  cross join usual
  inner join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
)
select
  week,
  count(*) as customers,
  {{count_if 'x > 0'}} as repeaters,
  {{sum_money 'first_value'}} as first_value,
  coalesce({{mean 'first_size'}}, 0) as first_mean,
  coalesce({{mean 'first_size * first_size'}}, 0) as first_square,
  {{sum_money 'value_365'}} as value_365,
  coalesce({{mean 'expected'}}, 0) as expected_mean,
  coalesce({{mean 'expected * expected'}}, 0) as expected_square,
  coalesce({{mean 'expected * expected * expected'}}, 0) as expected_cube
from valued
where
  week <= {{week}}
  and week > {{add_days (week) '-364'}}
group by week
order by week
