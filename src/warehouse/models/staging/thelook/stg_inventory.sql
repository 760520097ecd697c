with source as (
  select id, product_id, created_at, sold_at, cost
  from {{source 'inventory_items'}}
  where created_at < {{wall}}
),
final as (
  select
    {{string 'id'}} as inventory_item_id,
    {{string 'product_id'}} as product_id,
    created_at as received_at,
    case when sold_at < {{wall}} then sold_at end as sold_at,
    {{numeric 'cost'}} as cost
  from source
)
select * from final
