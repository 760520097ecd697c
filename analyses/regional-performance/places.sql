-- Fifty-two weeks by city; a refund counts on the day of the return, so that the sum is the shop's net revenue of these weeks.
with entries as (
  select country, region, city, order_id, customer_id, quantity as units, gross_amount, {{money '0'}} as refund_amount
  from {{ref 'order_items_enriched'}}
  where is_sale and order_week <= {{week}} and order_week > {{add_days (week) '-364'}}
  union all
  select country, region, city, {{null_of 'string'}}, {{null_of 'string'}}, {{int64 0}}, {{money '0'}}, refund_amount
  from {{ref 'order_items_enriched'}}
  where is_sale and is_returned and returned_week <= {{week}} and returned_week > {{add_days (week) '-364'}}
),
final as (
  select
    country,
    region,
    city,
    count(distinct order_id) as orders,
    count(distinct customer_id) as customers,
    {{sum_int 'units'}} as units,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{money 'sum(gross_amount) - sum(refund_amount)'}} as net_revenue
  from entries
  group by country, region, city
)
select * from final
order by country, region, city
