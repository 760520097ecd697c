with customers as (
  select
    coalesce(country, 'Unknown') as country,
    coalesce(region, 'Unknown') as region,
    coalesce(city, 'Unknown') as city,
    count(*) as customers,
    {{mean 'latitude'}} as latitude,
    {{mean 'longitude'}} as longitude
  from {{ref 'stg_customers'}}
  group by 1, 2, 3
),
items as (
  select
    items.*,
    order_week between {{add_days (week) -84}} and {{week}} as sold_13w,
    order_week between {{add_days (week) -175}} and {{add_days (week) -91}} as sold_prior_13w,
    order_week between {{add_days (week) -357}} and {{week}} as sold_52w,
    coalesce(returned_week between {{add_days (week) -84}} and {{week}}, false) as returned_13w,
    coalesce(returned_week between {{add_days (week) -175}} and {{add_days (week) -91}}, false) as returned_prior_13w,
    coalesce(returned_week between {{add_days (week) -357}} and {{week}}, false) as returned_52w
  from {{ref 'order_items_enriched'}} as items
  where is_sale
),
sales as (
  select
    country,
    region,
    city,
    count(distinct customer_id) as buyers,
    count(distinct order_id) as orders,
    {{sum_int 'quantity'}} as units,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{sum_money_if 'gross_amount' 'sold_13w'}} as gross_13w,
    {{sum_money_if 'refund_amount' 'returned_13w'}} as refund_13w,
    {{sum_money_if 'gross_amount' 'sold_prior_13w'}} as gross_prior_13w,
    {{sum_money_if 'refund_amount' 'returned_prior_13w'}} as refund_prior_13w,
    {{sum_money_if 'gross_amount' 'sold_52w'}} as gross_52w,
    {{sum_money_if 'refund_amount' 'returned_52w'}} as refund_52w
  from items
  group by country, region, city
),
places as (
  select country, region, city from customers
  union distinct
  select country, region, city from sales
),
joined as (
  select
    places.country,
    places.region,
    places.city,
    customers.latitude,
    customers.longitude,
    coalesce(customers.customers, 0) as customers,
    coalesce(sales.buyers, 0) as buyers,
    coalesce(sales.orders, 0) as orders,
    coalesce(sales.units, 0) as units,
    coalesce(sales.gross_amount, 0) as gross_amount,
    coalesce(sales.refund_amount, 0) as refund_amount,
    coalesce(sales.gross_13w, 0) - coalesce(sales.refund_13w, 0) as net_revenue_13w,
    coalesce(sales.gross_prior_13w, 0) - coalesce(sales.refund_prior_13w, 0) as net_revenue_prior_13w,
    coalesce(sales.gross_52w, 0) - coalesce(sales.refund_52w, 0) as net_revenue_52w
  from places
  left join customers
    on customers.country = places.country and customers.region = places.region and customers.city = places.city
  left join sales on sales.country = places.country and sales.region = places.region and sales.city = places.city
),
final as (
  select
    country,
    region,
    city,
    latitude,
    longitude,
    customers,
    buyers,
    orders,
    units,
    {{money 'gross_amount'}} as gross_amount,
    {{money 'refund_amount'}} as refund_amount,
    {{money 'gross_amount - refund_amount'}} as net_revenue,
    {{money 'net_revenue_13w'}} as net_revenue_13w,
    {{money 'net_revenue_prior_13w'}} as net_revenue_prior_13w,
    {{money 'net_revenue_52w'}} as net_revenue_52w
  from joined
)
select * from final
