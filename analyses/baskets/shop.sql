-- One row: the baskets, and how many products could be in a pair that is judged.
with baskets as (
  select
    order_id,
    max(products) as products,
    min(order_date) as order_date,
    min(half) as half
  from {{ref 'order_baskets'}}
  group by order_id
),
counted as (
  select
    {{count_if 'products <= 100'}} as baskets,
    {{count_if 'products <= 100 and half = 1'}} as baskets_first,
    {{count_if 'products > 100'}} as baskets_left_out,
    {{count_if 'products > 1 and products <= 100'}} as baskets_several,
    {{sum_int 'case when products <= 100 then products else 0 end'}} as lines,
    {{sum_int 'case when products <= 100 then products * (products - 1) else 0 end'}} as meetings_twice,
    min(order_date) as first_date,
    min(case when half = 2 then order_date end) as split_date
  from baskets
),
singles as (
  select product_id, count(*) as baskets
  from {{ref 'order_baskets'}}
  where products <= 100
  group by product_id
),
frequent as (
  select
    count(*) as products,
    {{count_if 'singles.baskets >= limits.least'}} as products_frequent,
    {{sum_int_if 'singles.baskets' 'singles.baskets >= limits.least'}} as frequent_baskets,
    max(singles.baskets) as most_baskets
  from singles
  cross join (
    select
      case
        when baskets * {{param 'least_support'}} > {{param 'least_baskets'}} then baskets * {{param 'least_support'}}
        else {{float64 (param 'least_baskets')}}
      end as least
    from counted
  ) as limits
)
select
  counted.baskets,
  counted.baskets_first,
  counted.baskets_left_out,
  counted.baskets_several,
  counted.lines,
  counted.meetings_twice,
  counted.first_date,
  counted.split_date,
  frequent.products,
  frequent.products_frequent,
  frequent.frequent_baskets,
  frequent.most_baskets
from counted
cross join frequent
order by counted.baskets
