-- The shop as a whole, to reconcile with: two and a half years of weeks.
select week, is_complete, orders, gross_amount, net_revenue
from {{ref 'kpi_weekly'}}
where week <= {{week}} and week > {{add_days (week) '-917'}}
order by week
