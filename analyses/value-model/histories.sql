-- Every history of purchases at the as-of date with the customers who share it.
select x, t_x_days, t_days, customers, total_value
from {{ref 'customer_value_summary'}}
order by x, t_x_days, t_days
