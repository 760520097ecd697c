-- Views of products in the last 28 days, by whether the visitor is known: what nobody can be written to about.
with views as (
  select
    views.session_id,
    views.customer_id is not null as is_identified,
    views.purchased,
    products.list_price
  from {{ref 'event_product_views'}} as views
  left join {{ref 'stg_products'}} as products on products.product_id = views.product_id
  where {{seconds_between 'views.last_viewed_at' (wall)}} <= 2419200
)
select
  is_identified,
  count(distinct session_id) as sessions,
  {{count_if 'not purchased'}} as views_left,
  {{sum_money_if 'list_price' 'not purchased'}} as price_left
from views
group by is_identified
order by is_identified
