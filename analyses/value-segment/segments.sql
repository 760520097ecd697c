-- Every customer's learned segment as of today; no rows where the scorecard isn't handed on. Points are whole, so that their sum is exact.
with intercept as (
  select low, mid, high
  from {{relation 'value-segment' 'points'}}
  where feature = 'intercept'
),
scored as (
  select
    customers.customer_id,
    customers.horizon_days,
    intercept.low + coalesce(recency.low, 0) + coalesce(frequency.low, 0) + coalesce(age.low, 0) + coalesce(pace.low, 0)
      + coalesce(rate.low, 0)
      + coalesce(worth.low, 0) + coalesce(first_value.low, 0) + coalesce(first_pieces.low, 0) + coalesce(first_discount.low, 0)
      + coalesce(returned.low, 0) + coalesce(first_category.low, 0) + coalesce(source.low, 0) + coalesce(country.low, 0) as low,
    intercept.mid + coalesce(recency.mid, 0) + coalesce(frequency.mid, 0) + coalesce(age.mid, 0) + coalesce(pace.mid, 0)
      + coalesce(rate.mid, 0)
      + coalesce(worth.mid, 0) + coalesce(first_value.mid, 0) + coalesce(first_pieces.mid, 0) + coalesce(first_discount.mid, 0)
      + coalesce(returned.mid, 0) + coalesce(first_category.mid, 0) + coalesce(source.mid, 0) + coalesce(country.mid, 0) as mid,
    intercept.high + coalesce(recency.high, 0) + coalesce(frequency.high, 0) + coalesce(age.high, 0) + coalesce(pace.high, 0)
      + coalesce(rate.high, 0)
      + coalesce(worth.high, 0) + coalesce(first_value.high, 0) + coalesce(first_pieces.high, 0) + coalesce(first_discount.high, 0)
      + coalesce(returned.high, 0) + coalesce(first_category.high, 0) + coalesce(source.high, 0) + coalesce(country.high, 0) as high
  from {{ref 'customer_value_features'}} as customers
  cross join intercept
  left join {{relation 'value-segment' 'points'}} as recency on recency.feature = 'recency' and recency.bin = customers.recency_bin
  left join {{relation 'value-segment' 'points'}} as frequency on frequency.feature = 'frequency' and frequency.bin = customers.frequency_bin
  left join {{relation 'value-segment' 'points'}} as age on age.feature = 'age' and age.bin = customers.age_bin
  left join {{relation 'value-segment' 'points'}} as pace on pace.feature = 'pace' and pace.bin = customers.pace_bin
  left join {{relation 'value-segment' 'points'}} as rate on rate.feature = 'rate' and rate.bin = customers.rate_bin
  left join {{relation 'value-segment' 'points'}} as worth on worth.feature = 'value' and worth.bin = customers.value_bin
  left join {{relation 'value-segment' 'points'}} as first_value
    on first_value.feature = 'first_value' and first_value.bin = customers.first_value_bin
  left join {{relation 'value-segment' 'points'}} as first_pieces
    on first_pieces.feature = 'first_pieces' and first_pieces.bin = customers.first_pieces_bin
  left join {{relation 'value-segment' 'points'}} as first_discount
    on first_discount.feature = 'first_discount' and first_discount.bin = customers.first_discount_bin
  left join {{relation 'value-segment' 'points'}} as returned on returned.feature = 'returned' and returned.bin = customers.returned_bin
  left join {{relation 'value-segment' 'points'}} as first_category
    on first_category.feature = 'first_category' and first_category.bin = customers.first_category_bin
  left join {{relation 'value-segment' 'points'}} as source on source.feature = 'source' and source.bin = customers.source_bin
  left join {{relation 'value-segment' 'points'}} as country on country.feature = 'country' and country.bin = customers.country_bin
  where customers.moment = 'today'
),
odds as (
  select
    customer_id,
    horizon_days,
    exp({{float64 'mid - low'}} / 1000) as mid_odds,
    exp({{float64 'high - low'}} / 1000) as high_odds
  from scored
),
chances as (
  select
    odds.customer_id,
    odds.horizon_days,
    1 / (1 + odds.mid_odds + odds.high_odds) as chance_low,
    odds.mid_odds / (1 + odds.mid_odds + odds.high_odds) as chance_mid,
    odds.high_odds / (1 + odds.mid_odds + odds.high_odds) as chance_high,
    (rule.low_value + rule.mid_value * odds.mid_odds + rule.high_value * odds.high_odds) / (1 + odds.mid_odds + odds.high_odds) as score,
    rule.mid_from,
    rule.high_from
  from odds
  cross join {{relation 'value-segment' 'rule'}} as rule
)
select
  customer_id,
  case when score >= high_from then 'high' when score >= mid_from then 'mid' else 'low' end as segment,
  chance_low,
  chance_mid,
  chance_high,
  score as expected_value,
  horizon_days
from chances
order by customer_id
