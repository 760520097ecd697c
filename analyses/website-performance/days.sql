select
  date,
  {{sum_int 'sessions'}} as sessions,
  {{sum_int 'purchase_sessions'}} as purchase_sessions
from {{ref 'website_sessions'}}
where date <= {{as_of}} and date > {{add_days (as_of) '-546'}}
group by date
order by date
