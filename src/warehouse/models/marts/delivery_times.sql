with items as (
  select
    coalesce(items.distribution_center_id, 'Unknown') as distribution_center_id,
    coalesce(centers.name, 'Unknown') as distribution_center,
    items.order_week,
    items.ordered_at,
    items.shipped_at,
    items.delivered_at
  from {{ref 'order_items_enriched'}} as items
  left join {{ref 'stg_distribution_centers'}} as centers on centers.distribution_center_id = items.distribution_center_id
  where items.is_sale
),
stages as (
  select distribution_center_id, distribution_center, order_week, 'ship' as stage, {{whole_days 'ordered_at' 'shipped_at'}} as days
  from items
  union all
  select distribution_center_id, distribution_center, order_week, 'transit' as stage, {{whole_days 'shipped_at' 'delivered_at'}} as days
  from items
  union all
  select distribution_center_id, distribution_center, order_week, 'total' as stage, {{whole_days 'ordered_at' 'delivered_at'}} as days
  from items
),
final as (
  select distribution_center_id, distribution_center, order_week, stage, days, count(*) as items
  from stages
  where days is not null
  group by distribution_center_id, distribution_center, order_week, stage, days
)
select * from final
