with views as (
  select
    product_id,
    {{sum_int 'views'}} as views,
    {{count_if 'carted'}} as carts,
    count(*) as view_sessions,
    {{count_if 'purchased'}} as purchase_sessions
  from {{ref 'event_product_views'}}
  group by product_id
),
periods as (
  select
    items.*,
    order_week between {{add_days (week) -84}} and {{week}} as sold_13w,
    order_week between {{add_days (week) -175}} and {{add_days (week) -91}} as sold_prior_13w,
    coalesce(returned_week between {{add_days (week) -84}} and {{week}}, false) as returned_13w,
    coalesce(returned_week between {{add_days (week) -175}} and {{add_days (week) -91}}, false) as returned_prior_13w
  from {{ref 'order_items_enriched'}} as items
  where is_sale
),
sales as (
  select
    product_id,
    {{sum_int 'quantity'}} as units,
    count(distinct order_id) as orders,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money 'cost_amount'}} as cost_amount,
    {{sum_money 'refund_cost'}} as refund_cost,
    {{sum_int_if 'quantity' "status in ('Complete', 'Returned')"}} as units_delivered,
    {{sum_int_if 'quantity' 'is_returned'}} as units_returned,
    min(order_date) as first_sale_date,
    max(order_date) as last_sale_date,
    {{sum_int_if 'quantity' 'sold_13w'}} as units_13w,
    {{sum_money_if 'gross_amount' 'sold_13w'}} as gross_13w,
    {{sum_money_if 'refund_amount' 'returned_13w'}} as refund_13w,
    {{sum_int_if 'quantity' 'sold_prior_13w'}} as units_prior_13w,
    {{sum_money_if 'gross_amount' 'sold_prior_13w'}} as gross_prior_13w,
    {{sum_money_if 'refund_amount' 'returned_prior_13w'}} as refund_prior_13w
  from periods
  group by product_id
),
stock as (
  select
    product_id,
    count(*) as stock_units,
    {{sum_money 'cost'}} as stock_cost,
    {{sum_int (days_between (local_date 'received_at') (as_of))}} as stock_days
  from {{ref 'stg_inventory'}}
  where sold_at is null
  group by product_id
),
joined as (
  select
    products.product_id,
    products.name,
    products.brand,
    products.category,
    products.department,
    products.distribution_center_id,
    products.list_price,
    products.cost,
    coalesce(views.views, 0) as views,
    coalesce(views.carts, 0) as carts,
    coalesce(views.view_sessions, 0) as view_sessions,
    coalesce(views.purchase_sessions, 0) as purchase_sessions,
    coalesce(sales.units, 0) as units,
    coalesce(sales.orders, 0) as orders,
    coalesce(sales.gross_amount, 0) as gross_amount,
    coalesce(sales.refund_amount, 0) as refund_amount,
    coalesce(sales.cost_amount, 0) - coalesce(sales.refund_cost, 0) as net_cost,
    coalesce(sales.units_delivered, 0) as units_delivered,
    coalesce(sales.units_returned, 0) as units_returned,
    sales.first_sale_date,
    sales.last_sale_date,
    coalesce(sales.units_13w, 0) as units_13w,
    coalesce(sales.gross_13w, 0) - coalesce(sales.refund_13w, 0) as net_revenue_13w,
    coalesce(sales.units_prior_13w, 0) as units_prior_13w,
    coalesce(sales.gross_prior_13w, 0) - coalesce(sales.refund_prior_13w, 0) as net_revenue_prior_13w,
    coalesce(stock.stock_units, 0) as stock_units,
    coalesce(stock.stock_cost, 0) as stock_cost,
    stock.stock_days
  from {{ref 'stg_products'}} as products
  left join views on views.product_id = products.product_id
  left join sales on sales.product_id = products.product_id
  left join stock on stock.product_id = products.product_id
),
final as (
  select
    product_id,
    name,
    brand,
    category,
    department,
    distribution_center_id,
    list_price,
    cost,
    views,
    carts,
    view_sessions,
    purchase_sessions,
    units,
    orders,
    {{money 'gross_amount'}} as gross_amount,
    {{money 'refund_amount'}} as refund_amount,
    {{money 'gross_amount - refund_amount'}} as net_revenue,
    {{money 'gross_amount - refund_amount - net_cost'}} as profit,
    units_delivered,
    units_returned,
    {{safe_divide 'units_returned' 'units_delivered'}} as return_rate,
    {{safe_divide 'purchase_sessions' 'view_sessions'}} as view_to_purchase,
    first_sale_date,
    last_sale_date,
    units_13w,
    {{money 'net_revenue_13w'}} as net_revenue_13w,
    units_prior_13w,
    {{money 'net_revenue_prior_13w'}} as net_revenue_prior_13w,
    stock_units,
    {{money 'stock_cost'}} as stock_cost,
    {{safe_divide 'stock_days' 'stock_units'}} as stock_age_days
  from joined
)
select * from final
