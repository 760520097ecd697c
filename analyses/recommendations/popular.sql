-- What most customers bought within ninety days, of what is offered: the first hundred products of each region, of each country (no region)
-- and of the whole shop (no country).
with sales as (
  select distinct items.customer_id, items.product_id, items.country, items.region
  from {{ref 'order_items_enriched'}} as items
  inner join {{relation 'recommendations' 'offered'}} as offered on offered.product_id = items.product_id
  where
    items.is_sale
    and not items.is_returned
    and items.customer_id is not null
    and items.order_date > {{add_days (as_of) '-90'}}
),
areas as (
  select country, region, customer_id, product_id from sales
  union all
  select country, {{null_of 'string'}}, customer_id, product_id from sales
  union all
  select {{null_of 'string'}}, {{null_of 'string'}}, customer_id, product_id from sales
),
counted as (
  select country, region, product_id, count(distinct customer_id) as customers
  from areas
  group by country, region, product_id
),
placed as (
  select
    *,
    row_number() over (
      partition by coalesce(country, ''), coalesce(region, '') order by customers desc, product_id
    ) as place
  from counted
)
select country, region, place, product_id, customers
from placed
where place <= 100
order by coalesce(country, ''), coalesce(region, ''), place
