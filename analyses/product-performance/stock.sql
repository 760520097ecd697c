select
  category,
  age_band,
  age_from,
  stock_units,
  stock_cost
from {{ref 'inventory_age'}}
order by category, age_from
