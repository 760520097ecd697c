with sessions as (
  select customer_id, events, product_views, reached_cart, reached_purchase, started_at, ended_at
  from {{ref 'sessions'}}
  where customer_id is not null
),
final as (
  select
    customer_id,
    {{sum_int 'events'}} as events,
    count(*) as sessions,
    {{sum_int 'product_views'}} as product_views,
    {{count_if 'reached_cart'}} as carts,
    {{count_if 'reached_purchase'}} as purchases,
    min(started_at) as first_event_at,
    max(ended_at) as last_event_at
  from sessions
  group by customer_id
)
select * from final
