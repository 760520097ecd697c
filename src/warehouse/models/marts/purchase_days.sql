with final as (
  select
    customer_id,
    order_date,
    count(*) as orders,
    {{sum_money 'net_amount'}} as net_amount
  from {{ref 'user_orders'}}
  where is_sale and returned_items < items and customer_id is not null
  group by customer_id, order_date
)
select * from final
