with buyers as (
  select
    customer_id,
    {{days_between 'last_order_date' (as_of)}} as recency_days,
    x + 1 as frequency,
    total_value as monetary
  from {{ref 'customer_value_base'}}
),
total as (
  select count(*) as buyers
  from buyers
),
recencies as (
  select recency_days, {{int64 'sum(count(*)) over (order by recency_days desc) - count(*)'}} as less_recent
  from buyers
  group by recency_days
),
frequencies as (
  select frequency, {{int64 'sum(count(*)) over (order by frequency) - count(*)'}} as less_frequent
  from buyers
  group by frequency
),
amounts as (
  select monetary, {{int64 'sum(count(*)) over (order by monetary) - count(*)'}} as less_valuable
  from buyers
  group by monetary
),
final as (
  select
    buyers.customer_id,
    buyers.recency_days,
    buyers.frequency,
    buyers.monetary,
    1 + {{int_divide '(5 * recencies.less_recent)' 'total.buyers'}} as r_score,
    1 + {{int_divide '(5 * frequencies.less_frequent)' 'total.buyers'}} as f_score,
    1 + {{int_divide '(5 * amounts.less_valuable)' 'total.buyers'}} as m_score
  from buyers
  cross join total
  inner join recencies on recencies.recency_days = buyers.recency_days
  inner join frequencies on frequencies.frequency = buyers.frequency
  inner join amounts on amounts.monetary = buyers.monetary
)
select * from final
