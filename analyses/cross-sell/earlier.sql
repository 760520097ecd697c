-- What became of pairs like today's: on four earlier days, 28 days apart, the pairs of customer and product viewed in the 180 days before
-- and not bought, and how many of them were bought within the 28 days after. Bands by days since the last view: 7, 28, 90, 180.
with marks as (
  select 1 as mark, 2419200 as seconds
  union all
  select 2 as mark, 4838400 as seconds
  union all
  select 3 as mark, 7257600 as seconds
  union all
  select 4 as mark, 9676800 as seconds
),
views as (
  select customer_id, product_id, {{seconds_between 'last_viewed_at' (wall)}} as age
  from {{ref 'event_product_views'}}
  where customer_id is not null and {{seconds_between 'last_viewed_at' (wall)}} < 25228800
),
viewed as (
  select
    marks.mark,
    marks.seconds,
    views.customer_id,
    views.product_id,
    min(views.age) - marks.seconds as age
  from views
  inner join marks on views.age >= marks.seconds and views.age < marks.seconds + 15552000
  group by marks.mark, marks.seconds, views.customer_id, views.product_id
),
bought as (
  select customer_id, product_id, max({{seconds_between 'ordered_at' (wall)}}) as age
  from {{ref 'order_items_enriched'}}
  where is_sale and customer_id is not null
  group by customer_id, product_id
),
ordered as (
  select marks.mark, placed.customer_id, count(*) as orders
  from {{ref 'user_orders'}} as placed
  inner join marks on {{seconds_between 'placed.ordered_at' (wall)}} >= marks.seconds
  where placed.is_sale
  group by marks.mark, placed.customer_id
),
judged as (
  select
    viewed.mark,
    case
      when viewed.age <= 604800 then 1
      when viewed.age <= 2419200 then 2
      when viewed.age <= 7776000 then 3
      else 4
    end as band,
    case when coalesce(ordered.orders, 0) > 1 then 2 else coalesce(ordered.orders, 0) end as segment,
    products.category,
    case when bought.age >= viewed.seconds - 2419200 then 1 else 0 end as bought
  from viewed
  inner join {{ref 'stg_products'}} as products on products.product_id = viewed.product_id
  left join bought on bought.customer_id = viewed.customer_id and bought.product_id = viewed.product_id
  left join ordered on ordered.mark = viewed.mark and ordered.customer_id = viewed.customer_id
  where bought.age is null or bought.age < viewed.seconds
)
select
  mark,
  band,
  segment,
  category,
  count(*) as pairs,
  {{sum_int 'bought'}} as bought
from judged
group by mark, band, segment, category
order by mark, band, segment, category
