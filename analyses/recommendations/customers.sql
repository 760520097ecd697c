-- Where each customer lives, with or without a history: by it those of whom nothing is known are shown what sells there.
select customer_id, country, region
from {{ref 'customer_metrics'}}
order by customer_id
