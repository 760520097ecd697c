-- New customers by expected value, to three or four significant digits, so that the rows stay few for any shop.
with joined as (
  select {{numeric 'scores.discounted_365 * (scores.spend_base + scores.spend_own * coalesce(base.m, 0))'}} as value_365
  from {{ref 'customer_value_base'}} as base
  inner join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
  where base.t_days < {{param 'newWithinDays'}}
),
rounded as (
  select
    value_365,
    case
      when value_365 < 1 then round(value_365, 2)
      when value_365 < 100 then round(value_365, 1)
      when value_365 < 10000 then round(value_365, 0)
      when value_365 < 1000000 then round(value_365, -2)
      else round(value_365, -4)
    end as rounded_value
  from joined
)
select
  {{float64 'rounded_value'}} as step,
  count(*) as customers,
  {{sum_money 'value_365'}} as value_365
from rounded
group by rounded_value
order by step
