-- Customers won in the last year by source, country, region and first category: what is expected of them, and how far that lies from what
-- is expected of all who came within the same thirty days, so that groups are compared at the same age.
with usual as (
  select {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as usual
  from {{ref 'customer_value_base'}}
),
valued as (
  select
    base.customer_id,
    base.x,
    base.total_value,
    {{int_divide 'base.t_days' '30'}} as age,
    {{numeric 'scores.discounted_365 * (scores.spend_base + scores.spend_own * coalesce(base.m, 0))'}} as value_365
  from {{ref 'customer_value_base'}} as base
  inner join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
  where base.t_days < {{param 'acquiredWithinDays'}}
),
ages as (
  select age, {{mean 'value_365'}} as usual_value
  from valued
  group by age
),
compared as (
  select
    coalesce(customers.source, 'Unknown') as source,
    coalesce(customers.country, 'Unknown') as country,
    coalesce(customers.region, 'Unknown') as region,
    coalesce(customers.first_category, 'Unknown') as first_category,
    valued.x,
    valued.total_value,
    valued.value_365,
    {{safe_divide 'valued.value_365 - ages.usual_value' 'usual.usual'}} as beyond
  from valued
  inner join ages on ages.age = valued.age
  cross join usual
  left join {{ref 'customer_metrics'}} as customers on customers.customer_id = valued.customer_id
),
sliced as (
  select 'source' as dimension, source as value, '' as within_value, x, total_value, value_365, beyond from compared
  union all
  select 'country', country, '', x, total_value, value_365, beyond from compared
  union all
  select 'region', region, country, x, total_value, value_365, beyond from compared
  union all
  select 'category', first_category, '', x, total_value, value_365, beyond from compared
)
select
  dimension,
  value,
  within_value,
  count(*) as customers,
  {{count_if 'x > 0'}} as repeaters,
  {{sum_money 'total_value'}} as total_value,
  {{sum_money 'value_365'}} as value_365,
  coalesce({{mean 'beyond'}}, 0) as beyond_mean,
  coalesce({{mean 'beyond * beyond'}}, 0) as beyond_square,
  coalesce({{mean 'beyond * beyond * beyond'}}, 0) as beyond_cube
from sliced
group by dimension, value, within_value
order by dimension, value, within_value
