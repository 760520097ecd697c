with final as (
  select
    start as week,
    is_complete,
    orders,
    cancelled_orders,
    units,
    gross_amount,
    refund_amount,
    net_revenue,
    net_cost,
    margin,
    margin_share,
    aov,
    active_customers,
    new_customers,
    returning_customers,
    repeat_orders,
    repeat_order_share,
    returned_units,
    return_share,
    cancellation_rate,
    signups,
    sessions,
    purchase_sessions,
    conversion,
    list_amount,
    discount_share
  from {{ref 'kpi_periods'}}
  where unit = 'week'
)
select * from final
