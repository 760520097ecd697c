select week, value as country, orders, gross_amount, net_revenue
from {{ref 'sales_weekly_breakdown'}}
where dimension = 'country' and week <= {{week}} and week > {{add_days (week) '-917'}}
order by week, country
