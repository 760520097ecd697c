-- Every customer with a purchase: history, scores, and who it is that they are expected of.
with joined as (
  select
    base.customer_id,
    base.first_order_date,
    base.last_order_date,
    base.x,
    base.t_x_days,
    base.t_days,
    {{days_between 'base.last_order_date' (as_of)}} as recency_days,
    base.m,
    base.total_value,
    scores.p_alive,
    scores.purchases_90,
    scores.p_purchase_90,
    scores.purchases_365,
    scores.discounted_365 * (scores.spend_base + scores.spend_own * coalesce(base.m, 0)) as value_365,
    scores.low_365 * (scores.scale_base + scores.scale_own * coalesce(base.m, 0)) as value_low,
    scores.high_365 * (scores.scale_base + scores.scale_own * coalesce(base.m, 0)) as value_high,
    base.t_days < {{param 'newWithinDays'}} as is_new,
    segments.segment,
    customers.country,
    customers.region,
    customers.source,
    customers.first_category
  from {{ref 'customer_value_base'}} as base
  left join {{relation 'value-model' 'scores'}} as scores
    on scores.x = base.x and scores.t_x_days = base.t_x_days and scores.t_days = base.t_days
  left join {{relation 'value-segment' 'segments'}} as segments on segments.customer_id = base.customer_id
  left join {{ref 'customer_metrics'}} as customers on customers.customer_id = base.customer_id
)
select * from joined
order by customer_id
