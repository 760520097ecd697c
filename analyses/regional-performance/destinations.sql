-- The same orders by centre and country of the customer: whole hours and their squares, to compare centres at equal destinations.
with items as (
  select
    items.order_id,
    items.country,
    items.ordered_at,
    items.shipped_at,
    items.delivered_at,
    coalesce(centers.name, 'Unknown') as centre
  from {{ref 'order_items_enriched'}} as items
  left join {{ref 'stg_distribution_centers'}} as centers on centers.distribution_center_id = items.distribution_center_id
  where
    items.is_sale
    and items.order_week <= {{add_days (week) '-28'}}
    and items.order_week > {{add_days (week) '-210'}}
),
orders as (
  select
    order_id,
    country,
    min(items.centre) as centre,
    min(items.ordered_at) as ordered_at,
    min(items.shipped_at) as shipped_at,
    min(items.delivered_at) as delivered_at
  from items
  group by order_id, country
  having min(items.centre) = max(items.centre)
),
stages as (
  select centre, country, 'ship' as stage, {{whole_hours 'ordered_at' 'shipped_at'}} as hours from orders
  union all
  select centre, country, 'transit', {{whole_hours 'shipped_at' 'delivered_at'}} from orders
  union all
  select centre, country, 'total', {{whole_hours 'ordered_at' 'delivered_at'}} from orders
)
select
  centre,
  country,
  stage,
  count(*) as orders,
  {{sum_int 'hours'}} as hours,
  {{sum_int 'hours * hours'}} as squares
from stages
where hours >= 0
group by centre, country, stage
order by centre, country, stage
