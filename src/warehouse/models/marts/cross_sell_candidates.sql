with pairs as (
  select
    customer_id,
    product_id,
    {{sum_int 'views'}} as views,
    min(viewed_at) as first_viewed_at,
    max(last_viewed_at) as last_viewed_at
  from {{ref 'event_product_views'}}
  where customer_id is not null
  group by customer_id, product_id
),
bought as (
  select customer_id, product_id, min(ordered_at) as bought_at
  from {{ref 'order_items_enriched'}}
  where is_sale
  group by customer_id, product_id
),
viewed as (
  select
    pairs.customer_id,
    pairs.product_id,
    products.category,
    products.list_price as price,
    pairs.views,
    pairs.first_viewed_at,
    pairs.last_viewed_at,
    bought.bought_at
  from pairs
  inner join {{ref 'stg_products'}} as products on products.product_id = pairs.product_id
  left join bought on bought.customer_id = pairs.customer_id and bought.product_id = pairs.product_id
),
matured as (
  select
    category,
    case when {{seconds_between 'first_viewed_at' 'bought_at'}} <= 2419200 then 1 else 0 end as converted
  from viewed
  where {{seconds_between 'first_viewed_at' (wall)}} >= 2419200 and (bought_at is null or bought_at >= first_viewed_at)
),
category_rates as (
  select category, count(*) as pairs, sum(converted) as converted
  from matured
  group by category
),
shop_rate as (
  select {{safe_divide 'sum(converted)' 'sum(pairs)'}} as conversion_rate from category_rates
),
priced as (
  select
    viewed.*,
    case
      when rates.pairs >= 30 then {{safe_divide 'rates.converted' 'rates.pairs'}}
      else shop_rate.conversion_rate
    end as conversion_rate
  from viewed
  cross join shop_rate
  left join category_rates as rates on rates.category = viewed.category
  where viewed.bought_at is null
),
final as (
  select
    customer_id,
    product_id,
    category,
    views,
    first_viewed_at,
    last_viewed_at,
    price,
    conversion_rate,
    {{money_share 'price' 'conversion_rate'}} as expected_revenue
  from priced
)
select * from final
