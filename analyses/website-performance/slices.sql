-- The week reported, the twelve before it, and the thirteen before those, by each way of telling sessions apart.
with windowed as (
  select
    case when date >= {{week}} then 'last' when date >= {{add_days (week) '-84'}} then 'now' else 'before' end as span,
    source,
    browser,
    is_identified,
    hour,
    weekday,
    sessions,
    product_sessions,
    cart_sessions,
    cancel_sessions,
    purchase_sessions,
    late_purchase_sessions,
    bounces
  from {{ref 'website_sessions'}}
  where date >= {{add_days (week) '-175'}} and date < {{add_days (week) '7'}}
),
sliced as (
  select span, 'source' as dimension, source as value, {{string '0'}} as part, sessions, product_sessions, cart_sessions, cancel_sessions, purchase_sessions, late_purchase_sessions, bounces from windowed
  union all
  select span, 'browser', browser, {{string '0'}}, sessions, product_sessions, cart_sessions, cancel_sessions, purchase_sessions, late_purchase_sessions, bounces from windowed
  union all
  select span, 'visitor', case when is_identified then 'identified' else 'anonymous' end, {{string '0'}}, sessions, product_sessions, cart_sessions, cancel_sessions, purchase_sessions, late_purchase_sessions, bounces from windowed
  union all
  select span, 'hour', {{string 'hour'}}, {{string 'weekday'}}, sessions, product_sessions, cart_sessions, cancel_sessions, purchase_sessions, late_purchase_sessions, bounces from windowed
),
final as (
  select
    span,
    dimension,
    coalesce(value, 'unknown') as value,
    part,
    {{sum_int 'sessions'}} as sessions,
    {{sum_int 'product_sessions'}} as product_sessions,
    {{sum_int 'cart_sessions'}} as cart_sessions,
    {{sum_int 'cancel_sessions'}} as cancel_sessions,
    {{sum_int 'purchase_sessions'}} as purchase_sessions,
    {{sum_int 'late_purchase_sessions'}} as late_purchase_sessions,
    {{sum_int 'bounces'}} as bounces
  from sliced
  group by span, dimension, coalesce(value, 'unknown'), part
)
select * from final
order by span, dimension, value, part
