-- Orders by state in the thirteen weeks (now), in the thirteen before, and in the same thirteen a year before; and over the customers of
-- the state the sums of squares and products of their orders in these spans, since orders of one customer are not independent.
with orders as (
  select
    country,
    region,
    customer_id,
    order_id,
    gross_amount,
    case
      when order_week > {{add_days (week) '-91'}} then 'now'
      when order_week > {{add_days (week) '-182'}} then 'before'
      else 'year'
    end as span
  from {{ref 'order_items_enriched'}}
  where
    is_sale
    and order_week <= {{week}}
    and (
      order_week > {{add_days (week) '-182'}}
      or (order_week > {{add_days (week) '-455'}} and order_week <= {{add_days (week) '-364'}})
    )
),
customers as (
  select
    country,
    region,
    customer_id,
    count(distinct case when span = 'now' then order_id end) as n,
    count(distinct case when span = 'before' then order_id end) as b,
    count(distinct case when span = 'year' then order_id end) as y,
    sum(gross_amount) as gross_amount
  from orders
  group by country, region, customer_id
),
final as (
  select
    country,
    region,
    {{sum_int 'n'}} as orders_now,
    {{sum_int 'b'}} as orders_before,
    {{sum_int 'y'}} as orders_year,
    {{sum_int 'n * n'}} as now_now,
    {{sum_int 'n * b'}} as now_before,
    {{sum_int 'n * y'}} as now_year,
    {{sum_int 'b * b'}} as before_before,
    {{sum_int 'b * y'}} as before_year,
    {{sum_int 'y * y'}} as year_year,
    {{sum_money 'gross_amount'}} as gross_amount
  from customers
  group by country, region
)
select * from final
order by country, region
