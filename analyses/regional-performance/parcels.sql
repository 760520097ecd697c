-- Orders served by one distribution centre alone, ordered at least four weeks before the wall: hours of each stage in classes of three hours.
with items as (
  select
    items.order_id,
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
    min(items.centre) as centre,
    min(items.ordered_at) as ordered_at,
    min(items.shipped_at) as shipped_at,
    min(items.delivered_at) as delivered_at
  from items
  group by order_id
  having min(items.centre) = max(items.centre)
),
stages as (
  select centre, 'ship' as stage, {{whole_hours 'ordered_at' 'shipped_at'}} as hours from orders
  union all
  select centre, 'transit', {{whole_hours 'shipped_at' 'delivered_at'}} from orders
  union all
  select centre, 'total', {{whole_hours 'ordered_at' 'delivered_at'}} from orders
),
classes as (
  select centre, stage, 3 * {{int_divide 'hours' '3'}} as hours
  from stages
  where hours >= 0
  union all
  select centre, 'ordered', 0
  from orders
)
select centre, stage, hours, count(*) as orders
from classes
group by centre, stage, hours
order by centre, stage, hours
