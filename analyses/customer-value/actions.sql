-- Customers by what they would bring if they were surely active, the higher fifth apart, and by whether they likely are: P(alive) is a half at
-- least, and the last purchase not a year ago, as some models hold every customer with a single purchase for alive. Where all are held for
-- alive, silence has told nothing, and all count as active.
with usual as (
  select {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as usual
  from {{ref 'customer_value_base'}}
),
joined as (
  select
    base.x,
    base.t_days < {{param 'newWithinDays'}} as is_new,
    {{days_between 'base.last_order_date' (as_of)}} as recency_days,
    base.total_value,
    usual.usual,
    scores.p_alive,
    scores.discounted_365,
    scores.spend_base + scores.spend_own * coalesce(base.m, 0) as spend,
    case
      when scores.p_purchase_90 > 0.000001 and scores.purchases_90 > scores.p_purchase_90
        then 2 * (scores.purchases_90 - scores.p_purchase_90) / (scores.purchases_90 * scores.p_purchase_90)
      else 1
    end as pairs
  from {{ref 'customer_value_base'}} as base
  cross join usual
  inner join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
),
valued as (
  select
    *,
    {{numeric 'discounted_365 * spend'}} as value_365,
    coalesce({{numeric (safe_divide 'discounted_365 * spend' 'p_alive')}}, 0) as potential,
    {{safe_divide 'spend' 'usual'}} as size,
    {{safe_divide 'discounted_365 * spend' 'usual'}} as expected
  from joined
),
ranked as (
  select
    *,
    rank() over (order by potential desc) as place,
    count(*) over () as customers,
    min(p_alive) over () as least_alive
  from valued
),
grouped as (
  select
    *,
    5 * (place - 1) < customers as is_high,
    p_alive >= 0.5 and (recency_days < 365 or least_alive >= 0.9995) as is_active
  from ranked
)
select
  is_high,
  is_active,
  count(*) as customers,
  {{count_if 'is_new'}} as new_customers,
  {{count_if 'x > 0'}} as repeaters,
  {{sum_money 'total_value'}} as total_value,
  {{sum_money 'value_365'}} as value_365,
  {{sum_money 'potential'}} as potential,
  min(potential) as least_potential,
  coalesce({{mean 'p_alive'}}, 0) as p_alive,
  coalesce({{mean 'recency_days'}}, 0) as recency_days,
  coalesce({{mean 'expected * size'}}, 0) as single_moment,
  coalesce({{mean 'pairs * expected * expected'}}, 0) as pair_moment,
  coalesce({{mean 'expected * expected'}}, 0) as square_moment
from grouped
group by is_high, is_active
order by is_high desc, is_active desc
