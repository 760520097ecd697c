-- Mean value of repeat purchases in classes of one per cent by frequency; means that are not positive apart.
with classed as (
  select
    x,
    m,
    m > 0 as is_positive,
    case when m > 0 then {{int64 'floor(100 * ln(m))'}} else 0 end as class
  from {{ref 'customer_value_base'}}
  where x > 0
)
select x, is_positive, class, count(*) as customers, {{mean 'm'}} as m
from classed
group by x, is_positive, class
order by x, is_positive, class
