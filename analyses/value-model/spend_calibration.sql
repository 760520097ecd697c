-- The same as it was known at the cut-off.
with classed as (
  select
    x_cal as x,
    m_cal as m,
    m_cal > 0 as is_positive,
    case when m_cal > 0 then {{int64 'floor(100 * ln(m_cal))'}} else 0 end as class
  from {{ref 'customer_value_holdout'}}
  where x_cal > 0
)
select x, is_positive, class, count(*) as customers, {{mean 'm'}} as m
from classed
group by x, is_positive, class
order by x, is_positive, class
