with started as (
  select
    sessions.*,
    {{add_days (week_start 'session_date') '7'}} as next_week,
    {{local_date 'purchased_at'}} as purchase_date
  from {{ref 'sessions'}} as sessions
),
final as (
  select
    session_date as date,
    hour,
    weekday,
    source,
    browser,
    is_identified,
    count(*) as sessions,
    {{sum_int 'events'}} as events,
    {{count_if 'reached_product'}} as product_sessions,
    {{count_if 'reached_cart'}} as cart_sessions,
    {{count_if 'reached_cancel'}} as cancel_sessions,
    {{count_if 'reached_purchase'}} as purchase_sessions,
    {{count_if 'purchase_date >= next_week'}} as late_purchase_sessions,
    {{count_if 'events = 1'}} as bounces
  from started
  group by session_date, hour, weekday, source, browser, is_identified
)
select * from final
