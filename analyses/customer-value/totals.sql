-- All customers, and the new ones apart: sums of what is expected of them, and the moments from which the interval of a sum is made.
-- Values count in multiples of the usual purchase, so that squares stay small in any currency.
with usual as (
  select {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as usual
  from {{ref 'customer_value_base'}}
),
joined as (
  select
    base.x,
    base.t_days < {{param 'newWithinDays'}} as is_new,
    base.first_value,
    base.repeat_value,
    base.total_value,
    base.m,
    coalesce(usual.usual, 0) as usual,
    scores.p_alive,
    scores.p_purchase_90,
    scores.purchases_365,
    scores.discounted_365,
    scores.spend_base + scores.spend_own * coalesce(base.m, 0) as spend,
    case
      when scores.p_purchase_90 > 0.000001 and scores.purchases_90 > scores.p_purchase_90
        then 2 * (scores.purchases_90 - scores.p_purchase_90) / (scores.purchases_90 * scores.p_purchase_90)
      else 1
    end as pairs
  from {{ref 'customer_value_base'}} as base
  cross join usual
  left join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
),
valued as (
  select
    *,
    {{numeric 'discounted_365 * spend'}} as value_365,
    {{safe_divide 'spend' 'usual'}} as size,
    {{safe_divide 'discounted_365 * spend' 'usual'}} as expected,
    {{safe_divide 'first_value' 'usual'}} as first_size,
    {{safe_divide 'm' 'usual'}} as own_size,
    {{safe_divide 'repeat_value' 'usual'}} as repeat_size
  from joined
)
select
  is_new,
  count(*) as customers,
  count(value_365) as scored,
  {{count_if 'x > 0'}} as repeaters,
  {{sum_money 'total_value'}} as total_value,
  {{sum_money 'coalesce(value_365, 0)'}} as value_365,
  max(usual) as usual,
  coalesce({{mean 'p_alive'}}, 0) as p_alive,
  coalesce({{mean 'p_purchase_90'}}, 0) as p_purchase_90,
  coalesce({{mean 'purchases_365'}}, 0) as purchases_365,
  coalesce({{mean 'discounted_365'}}, 0) as discounted_365,
  coalesce(min(p_alive), 0) as least_alive,
  coalesce({{mean 'expected * size'}}, 0) as single_moment,
  coalesce({{mean 'pairs * expected * expected'}}, 0) as pair_moment,
  coalesce({{mean 'expected * expected'}}, 0) as square_moment,
  coalesce({{mean 'first_size'}}, 0) as first_mean,
  coalesce({{mean 'first_size * first_size'}}, 0) as first_square,
  coalesce({{mean 'case when x > 0 then first_size end'}}, 0) as repeater_first_mean,
  coalesce({{mean 'own_size'}}, 0) as own_mean,
  coalesce({{mean 'own_size * first_size'}}, 0) as own_first,
  coalesce({{mean 'repeat_size'}}, 0) as repeat_mean,
  coalesce({{mean 'repeat_size * repeat_size'}}, 0) as repeat_square
from valued
group by is_new
order by is_new
