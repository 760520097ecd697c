with first_orders as (
  select customer_id, order_month as first_month
  from {{ref 'user_orders'}}
  where order_number = 1
),
entries as (
  select customer_id, order_month as month, order_id, gross_amount, {{money '0'}} as refund_amount
  from {{ref 'user_orders'}}
  where is_sale
  union all
  select customer_id, returned_month as month, {{null_of 'string'}} as order_id, {{money '0'}} as gross_amount, refund_amount
  from {{ref 'order_items_enriched'}}
  where is_returned
),
typed as (
  select
    entries.*,
    case
      when entries.customer_id is null then 'unknown'
      when first_orders.first_month = entries.month then 'new'
      else 'existing'
    end as customer_type
  from entries
  left join first_orders on first_orders.customer_id = entries.customer_id
),
final as (
  select
    month,
    customer_type,
    count(distinct case when order_id is not null then customer_id end) as active_customers,
    count(order_id) as orders,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{money 'sum(gross_amount) - sum(refund_amount)'}} as net_revenue
  from typed
  group by month, customer_type
)
select * from final
