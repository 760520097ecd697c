-- Histories as they were known at the cut-off, by the purchases of the last stretch as long as the holdout, and by those of the holdout.
with items as (
  select
    items.customer_id,
    items.order_id,
    items.order_date,
    items.is_returned and items.returned_date <= held.cutoff_date as is_back
  from {{ref 'order_items_enriched'}} as items
  inner join {{ref 'customer_value_holdout'}} as held on held.customer_id = items.customer_id
  where
    items.is_sale
    and items.order_date > held.first_order_date
    and items.order_date <= held.cutoff_date
    and {{days_between 'items.order_date' 'held.cutoff_date'}} < held.holdout_days
),
purchases as (
  select customer_id, order_id, order_date
  from items
  group by customer_id, order_id, order_date
  having {{count_if 'not is_back'}} > 0
),
recent as (
  select customer_id, count(distinct order_date) as purchases
  from purchases
  group by customer_id
),
final as (
  select
    held.x_cal as x,
    held.t_x_cal_days as t_x_days,
    held.t_cal_days as t_days,
    coalesce(recent.purchases, 0) as recent,
    held.x_holdout as later,
    held.cutoff_date,
    held.holdout_days,
    count(*) as customers,
    coalesce({{mean 'held.m_cal'}}, 0) as m,
    {{sum_money 'held.value_holdout'}} as later_value
  from {{ref 'customer_value_holdout'}} as held
  left join recent on recent.customer_id = held.customer_id
  group by
    held.x_cal,
    held.t_x_cal_days,
    held.t_cal_days,
    coalesce(recent.purchases, 0),
    held.x_holdout,
    held.cutoff_date,
    held.holdout_days
)
select * from final
order by x, t_x_days, t_days, recent, later, cutoff_date, holdout_days
