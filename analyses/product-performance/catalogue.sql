-- One row. `squares` is the sum of squared units, by which spread is told from chance.
with sold as (
  select
    product_id,
    {{sum_int 'quantity'}} as units
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and order_week <= {{week}}
    and order_week > {{add_days (week) '-364'}}
  group by product_id
),
joined as (
  select
    products.view_sessions,
    products.purchase_sessions,
    products.units as units_ever,
    products.stock_units,
    products.stock_cost,
    products.stock_age_days,
    coalesce(sold.units, 0) as units
  from {{ref 'product_performance'}} as products
  left join sold on sold.product_id = products.product_id
)
select
  count(*) as products,
  {{count_if 'units > 0'}} as products_sold,
  {{count_if 'units_ever > 0'}} as products_ever,
  {{sum_int 'units'}} as units,
  {{sum_int 'units * units'}} as squares,
  {{sum_int 'view_sessions'}} as view_sessions,
  {{sum_int 'purchase_sessions'}} as purchase_sessions,
  {{sum_int 'stock_units'}} as stock_units,
  {{sum_money 'stock_cost'}} as stock_cost,
  {{safe_divide 'sum(stock_units * stock_age_days)' 'sum(stock_units)'}} as stock_age_days
from joined
order by products
