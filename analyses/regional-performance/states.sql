-- Orders by state in the thirteen weeks, in the thirteen before, and in the same thirteen a year before.
with orders as (
  select
    country,
    region,
    order_id,
    gross_amount,
    case
      when order_week > {{add_days (week) '-91'}} then 'now'
      when order_week > {{add_days (week) '-182'}} then 'before'
      else 'year'
    end as span
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and order_week <= {{week}}
    and (
      order_week > {{add_days (week) '-182'}}
      or (order_week > {{add_days (week) '-455'}} and order_week <= {{add_days (week) '-364'}})
    )
)
select country, region, span, count(distinct order_id) as orders, {{sum_money 'gross_amount'}} as gross_amount
from orders
group by country, region, span
order by country, region, span
