-- Customers who were new a year ago, as they were known then, and what they brought in the year since. They are ranked as today's are, by
-- the scores of histories that agree in frequency and, to a fortnight, in the time since the first and since the last purchase.
with usual as (
  select {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as usual
  from {{ref 'customer_value_base'}}
),
days as (
  select
    customer_id,
    {{days_between 'order_date' (as_of)}} as age,
    net_amount,
    max({{days_between 'order_date' (as_of)}}) over (partition by customer_id) as oldest
  from {{ref 'purchase_days'}}
),
histories as (
  select
    customer_id,
    {{count_if 'age >= 365'}} - 1 as x,
    min(case when age >= 365 then age - 365 end) as recency_days,
    max(oldest) - 365 as t_days,
    {{sum_money_if 'net_amount' 'age >= 365 and age < oldest'}} as repeat_value,
    {{sum_money_if 'net_amount' 'age < 365'}} as later_value,
    {{count_if 'age < 365'}} as later_purchases
  from days
  where oldest >= 365 and oldest < 365 + {{param 'newWithinDays'}}
  group by customer_id
),
young as (
  select
    case when x < 5 then x else 5 end as x_class,
    {{int_divide 't_days' '14'}} as t_class,
    {{int_divide '(t_days - t_x_days)' '14'}} as recency_class,
    purchases_365,
    spend_base,
    spend_own
  from {{relation 'value-model' 'scores'}}
  where t_days < {{param 'newWithinDays'}}
),
near as (
  select
    x_class,
    t_class,
    recency_class,
    {{mean 'purchases_365'}} as purchases,
    {{mean 'spend_base'}} as spend_base,
    {{mean 'spend_own'}} as spend_own
  from young
  group by x_class, t_class, recency_class
),
wide as (
  select
    x_class,
    {{mean 'purchases_365'}} as purchases,
    {{mean 'spend_base'}} as spend_base,
    {{mean 'spend_own'}} as spend_own
  from young
  group by x_class
),
scored as (
  select
    histories.x,
    histories.later_purchases,
    histories.later_value,
    {{safe_divide 'histories.later_value' 'usual.usual'}} as later_size,
    {{numeric 'coalesce(near.purchases, wide.purchases) * (coalesce(near.spend_base, wide.spend_base) + coalesce(near.spend_own, wide.spend_own) * coalesce(histories.repeat_value / nullif(histories.x, 0), 0))'}} as expected
  from histories
  cross join usual
  inner join wide on wide.x_class = case when histories.x < 5 then histories.x else 5 end
  left join near
    on near.x_class = wide.x_class
    and near.t_class = {{int_divide 'histories.t_days' '14'}}
    and near.recency_class = {{int_divide 'histories.recency_days' '14'}}
),
ranked as (
  select
    *,
    10 * (rank() over (order by expected desc) - 1) < count(*) over () as is_top,
    case when x < 2 then x else 2 end as repeats
  from scored
)
select
  is_top,
  repeats,
  count(*) as customers,
  {{count_if 'later_purchases > 0'}} as buyers,
  {{sum_money 'later_value'}} as later_value,
  {{sum_money 'expected'}} as expected,
  coalesce({{mean 'later_size'}}, 0) as later_mean,
  coalesce({{mean 'later_size * later_size'}}, 0) as later_square,
  coalesce(max(usual.usual), 0) as usual
from ranked
cross join usual
group by is_top, repeats
order by is_top desc, repeats
