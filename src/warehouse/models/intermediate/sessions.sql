with grouped as (
  select
    session_id,
    min(customer_id) as customer_id,
    min(occurred_at) as started_at,
    max(occurred_at) as ended_at,
    min(source) as source,
    min(browser) as browser,
    count(*) as events,
    {{count_if "event_type = 'product'"}} as product_views,
    {{any_true "event_type = 'cart'"}} as reached_cart,
    {{any_true "event_type = 'cancel'"}} as reached_cancel,
    {{any_true "event_type = 'purchase'"}} as reached_purchase,
    min(case when event_type = 'purchase' then occurred_at end) as purchased_at,
    {{first_by 'product_id' 'sequence_number' 'product_id'}} as product_id
  from {{ref 'stg_events'}}
  group by session_id
),
dated as (
  select
    grouped.*,
    {{local_date 'started_at'}} as session_date
  from grouped
),
final as (
  select
    session_id,
    customer_id,
    customer_id is not null as is_identified,
    started_at,
    ended_at,
    session_date,
    {{week_start 'session_date'}} as session_week,
    {{local_hour 'started_at'}} as hour,
    {{weekday 'session_date'}} as weekday,
    coalesce(source, 'Unknown') as source,
    coalesce(browser, 'Unknown') as browser,
    events,
    product_views,
    product_views > 0 as reached_product,
    reached_cart,
    reached_cancel,
    reached_purchase,
    purchased_at,
    product_id,
    {{seconds_between 'started_at' 'ended_at'}} as duration_seconds
  from dated
)
select * from final
