-- Products by gross sales of the last 52 complete weeks, in at most 200 steps; `leading` counts those that it takes for four fifths.
with sold as (
  select
    product_id,
    {{sum_money 'gross_amount'}} as gross_amount
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and gross_amount > 0
    and order_week <= {{week}}
    and order_week > {{add_days (week) '-364'}}
  group by product_id
),
ranked as (
  select
    gross_amount,
    ntile(200) over (order by gross_amount desc, product_id) as step,
    sum(gross_amount) over (order by gross_amount desc, product_id rows between unbounded preceding and current row) as running,
    sum(gross_amount) over () as whole
  from sold
)
select
  step,
  count(*) as products,
  {{sum_money 'gross_amount'}} as gross_amount,
  {{count_if '(running - gross_amount) * 5 < whole * 4'}} as leading
from ranked
group by step
order by step
