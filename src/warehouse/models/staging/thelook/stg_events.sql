with source as (
  select id, user_id, session_id, sequence_number, created_at, event_type, uri, traffic_source, browser
  from {{source 'events'}}
  where created_at < {{wall}}
),
final as (
  select
    {{string 'id'}} as event_id,
    {{string 'user_id'}} as customer_id,
    session_id,
    coalesce(sequence_number, id) as sequence_number,
    created_at as occurred_at,
    event_type,
    case when event_type = 'product' then {{regexp_extract 'uri' '^/product/([0-9]+)'}} end as product_id,
    traffic_source as source,
    browser
  from source
)
select * from final
