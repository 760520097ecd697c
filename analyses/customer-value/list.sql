-- The new customers of whom most is expected.
with joined as (
  select
    base.customer_id,
    base.first_order_date,
    base.last_order_date,
    base.x,
    base.t_days,
    base.m,
    base.first_value,
    base.total_value,
    scores.p_alive,
    scores.purchases_90,
    scores.p_purchase_90,
    scores.discounted_365,
    scores.spend_base + scores.spend_own * coalesce(base.m, 0) as spend,
    scores.low_365 * (scores.scale_base + scores.scale_own * coalesce(base.m, 0)) as low,
    scores.high_365 * (scores.scale_base + scores.scale_own * coalesce(base.m, 0)) as high
  from {{ref 'customer_value_base'}} as base
  inner join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
  where base.t_days < {{param 'newWithinDays'}}
),
valued as (
  select *, {{numeric 'discounted_365 * spend'}} as value_365
  from joined
),
listed as (
  select *, row_number() over (order by value_365 desc, customer_id) as place
  from valued
)
select
  listed.place,
  listed.customer_id,
  listed.first_order_date,
  listed.last_order_date,
  listed.x,
  listed.t_days,
  {{days_between 'listed.last_order_date' (as_of)}} as recency_days,
  listed.m,
  listed.first_value,
  listed.total_value,
  listed.p_alive,
  listed.purchases_90,
  listed.p_purchase_90,
  listed.discounted_365,
  listed.spend,
  listed.value_365,
  {{numeric 'listed.low'}} as value_low,
  {{numeric 'listed.high'}} as value_high,
  customers.country,
  customers.source,
  customers.first_category
from listed
left join {{ref 'customer_metrics'}} as customers on customers.customer_id = listed.customer_id
where listed.place <= {{param 'top'}}
order by listed.place
