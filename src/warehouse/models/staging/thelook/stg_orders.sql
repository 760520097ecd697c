with source as (
  select order_id, user_id, status, created_at, shipped_at, delivered_at, returned_at
  from {{source 'orders'}}
  where created_at < {{wall}}
),
final as (
  select
    {{string 'order_id'}} as order_id,
    {{string 'user_id'}} as customer_id,
    created_at as ordered_at,
    case
      when status not in ('Processing', 'Shipped', 'Complete', 'Returned') then status
      when status = 'Returned' and coalesce(returned_at, delivered_at, shipped_at, created_at) < {{wall}} then 'Returned'
      when status in ('Complete', 'Returned') and delivered_at < {{wall}} then 'Complete'
      when status = 'Complete' and delivered_at is null and coalesce(shipped_at, created_at) < {{wall}} then 'Complete'
      when status in ('Shipped', 'Complete', 'Returned') and shipped_at < {{wall}} then 'Shipped'
      when status = 'Shipped' and shipped_at is null then 'Shipped'
      else 'Processing'
    end as status,
    case when shipped_at < {{wall}} then shipped_at end as shipped_at,
    case when delivered_at < {{wall}} then delivered_at end as delivered_at,
    case when status = 'Returned' and returned_at < {{wall}} then returned_at end as returned_at
  from source
)
select * from final
