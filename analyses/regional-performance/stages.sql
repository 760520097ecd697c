-- Means as the metric register defines them: items sold, whole days, by the week of the order.
select stage, {{sum_int 'items'}} as items, {{sum_int 'days * items'}} as days
from {{ref 'delivery_times'}}
where order_week <= {{add_days (week) '-28'}} and order_week > {{add_days (week) '-210'}}
group by stage
order by stage
