-- Customers at each moment, at most `sample` of them, drawn evenly over the order of their first purchases.
with placed as (
  select
    *,
    row_number() over (partition by moment order by first_order_date, customer_id) as place,
    count(*) over (partition by moment) as customers,
    {{param 'sample'}} as most
  from {{ref 'customer_value_features'}}
)
select
  moment,
  moment_date,
  horizon_days,
  customers,
  x,
  t_x_days,
  t_days,
  recency_days,
  m,
  mean_value,
  first_value,
  first_pieces,
  first_discount,
  pieces_back,
  recency_bin,
  frequency_bin,
  age_bin,
  pace_bin,
  rate_bin,
  value_bin,
  first_value_bin,
  first_pieces_bin,
  first_discount_bin,
  returned_bin,
  first_category_bin,
  source_bin,
  country_bin,
  later_purchases,
  later_value
from placed
where customers <= most or {{int_divide '(place * most)' 'customers'}} > {{int_divide '((place - 1) * most)' 'customers'}}
order by moment, place
