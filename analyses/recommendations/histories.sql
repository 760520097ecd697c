-- Histories of the customers whom the index does not hold, as it holds the others': empty where it holds all.
with sales as (
  select customer_id, product_id, order_date as day
  from {{ref 'order_items_enriched'}}
  where is_sale and not is_returned and customer_id is not null and product_id is not null
),
views as (
  select customer_id, product_id, {{local_date 'viewed_at'}} as day, case when carted then 1 else 0 end as strength
  from {{ref 'event_product_views'}}
  where customer_id is not null
),
apart as (
  select views.customer_id, views.product_id, views.day, views.strength
  from views
  left join sales
    on sales.customer_id = views.customer_id
    and sales.product_id = views.product_id
    and sales.day >= {{add_days 'views.day' '-28'}}
    and sales.day <= {{add_days 'views.day' '28'}}
  where views.day > {{add_days (as_of) '-365'}} and sales.customer_id is null
),
everything as (
  select customer_id, product_id, day, 2 as strength from sales
  union all
  select customer_id, product_id, day, strength from apart
),
strongest as (
  select everything.customer_id, everything.product_id, everything.day, max(everything.strength) as strength
  from everything
  inner join {{ref 'stg_products'}} as products on products.product_id = everything.product_id
  group by everything.customer_id, everything.product_id, everything.day
),
placed as (
  select customer_id, row_number() over (order by reverse(customer_id)) as place
  from strongest
  group by customer_id
),
ranked as (
  select
    strongest.customer_id,
    strongest.product_id,
    strongest.day,
    strongest.strength,
    placed.place,
    row_number() over (
      partition by strongest.customer_id order by strongest.strength desc, strongest.day desc, strongest.product_id
    ) as rank_of_row
  from strongest
  inner join placed on placed.customer_id = strongest.customer_id
)
select
  customer_id,
  product_id,
  day,
  case when strength = 2 then 'purchase' when strength = 1 then 'cart' else 'view' end as kind
from ranked
where place > {{param 'customers'}} and rank_of_row <= 200
order by customer_id, day, product_id
