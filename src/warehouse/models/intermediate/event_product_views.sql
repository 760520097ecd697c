with events as (
  select session_id, customer_id, product_id, occurred_at
  from {{ref 'stg_events'}}
  where event_type = 'product'
),
views as (
  select
    session_id,
    product_id,
    min(customer_id) as customer_id,
    min(occurred_at) as viewed_at,
    max(occurred_at) as last_viewed_at,
    count(*) as views
  from events
  where product_id is not null
  group by session_id, product_id
),
final as (
  select
    views.session_id,
    views.customer_id,
    views.product_id,
    views.viewed_at,
    views.last_viewed_at,
    views.views,
    sessions.reached_cart as carted,
    sessions.reached_purchase as purchased
  from views
  inner join {{ref 'sessions'}} as sessions on sessions.session_id = views.session_id
)
select * from final
