-- Customers by how often they have ordered, sign-ups without an order included.
select
  orders,
  count(*) as customers,
  {{sum_money 'net_revenue'}} as net_revenue
from {{ref 'customer_metrics'}}
group by orders
order by orders
