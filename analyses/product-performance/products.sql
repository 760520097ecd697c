-- Products that can be judged or shown: enough deliveries, views or sales, or among the largest moves. The rest is in catalogue.sql.
with recent as (
  select
    product_id,
    {{sum_int_if 'quantity' "status in ('Complete', 'Returned')"}} as delivered_13w,
    {{sum_int_if 'quantity' 'is_returned'}} as returned_13w,
    {{sum_money 'gross_amount'}} as gross_13w
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and order_week <= {{week}}
    and order_week > {{add_days (week) '-91'}}
  group by product_id
),
ranked as (
  select
    products.*,
    coalesce(recent.delivered_13w, 0) as delivered_13w,
    coalesce(recent.returned_13w, 0) as returned_13w,
    coalesce(recent.gross_13w, 0) as gross_13w,
    row_number() over (order by net_revenue_13w - net_revenue_prior_13w desc, products.product_id) as rise_rank,
    row_number() over (order by net_revenue_13w - net_revenue_prior_13w, products.product_id) as fall_rank,
    row_number() over (order by units_delivered desc, products.product_id) as delivered_rank,
    row_number() over (order by view_sessions desc, products.product_id) as view_rank,
    row_number() over (order by units_13w + units_prior_13w desc, products.product_id) as sales_rank
  from {{ref 'product_performance'}} as products
  left join recent on recent.product_id = products.product_id
)
select
  product_id,
  name,
  brand,
  category,
  department,
  units,
  gross_amount,
  net_revenue,
  profit,
  view_sessions,
  purchase_sessions,
  units_delivered,
  units_returned,
  delivered_13w,
  returned_13w,
  gross_13w,
  first_sale_date,
  units_13w,
  units_prior_13w,
  net_revenue_13w,
  net_revenue_prior_13w
from ranked
where
  rise_rank <= 15
  or fall_rank <= 15
  or (units_delivered >= 10 and delivered_rank <= 2000)
  or (view_sessions >= 50 and view_rank <= 2000)
  or (units_13w + units_prior_13w >= 20 and sales_rank <= 2000)
order by product_id
