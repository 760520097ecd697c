-- Every product: what it is, whether it is offered today, and when it was first seen in stock, on a page or in an order. A product that is
-- kept in stock is offered while some of it is left; any other, if it was sold or viewed in the last 180 days.
with stock as (
  select product_id, min({{local_date 'received_at'}}) as first_received
  from {{ref 'stg_inventory'}}
  where product_id is not null
  group by product_id
),
views as (
  select
    product_id,
    min({{local_date 'viewed_at'}}) as first_viewed,
    max({{local_date 'last_viewed_at'}}) as last_viewed
  from {{ref 'event_product_views'}}
  group by product_id
),
sales as (
  select
    product_id,
    {{safe_divide (sum_money 'gross_amount') (sum_int 'quantity')}} as paid,
    count(distinct case when not is_returned then customer_id end) as customers
  from {{ref 'order_items_enriched'}}
  where is_sale and product_id is not null
  group by product_id
),
described as (
  select
    products.product_id,
    products.name,
    products.brand,
    products.category,
    products.department,
    coalesce({{float64 'products.list_price'}}, sales.paid) as price,
    products.units,
    coalesce(sales.customers, 0) as customers,
    case
      when stock.product_id is not null then products.stock_units > 0
      else
        coalesce(products.last_sale_date > {{add_days (as_of) '-180'}}, false)
        or coalesce(views.last_viewed > {{add_days (as_of) '-180'}}, false)
    end as is_offered,
    least(
      coalesce(stock.first_received, {{as_of}}),
      coalesce(views.first_viewed, {{as_of}}),
      coalesce(products.first_sale_date, {{as_of}})
    ) as first_seen
  from {{ref 'product_performance'}} as products
  left join stock on stock.product_id = products.product_id
  left join views on views.product_id = products.product_id
  left join sales on sales.product_id = products.product_id
)
select
  product_id,
  name,
  brand,
  category,
  department,
  price,
  units,
  customers,
  is_offered,
  {{days_between "date '1970-01-01'" 'first_seen'}} as first_day
from described
order by product_id
