with lines as (
  select
    order_id,
    product_id,
    min(ordered_at) as ordered_at,
    min(order_date) as order_date,
    {{sum_int 'quantity'}} as quantity,
    {{sum_money 'gross_amount'}} as gross_amount
  from {{ref 'order_items_enriched'}}
  where is_sale and product_id is not null
  group by order_id, product_id
),
baskets as (
  select
    order_id,
    count(*) as products,
    ntile(2) over (order by min(ordered_at), order_id) as half
  from lines
  group by order_id
),
final as (
  select
    lines.order_id,
    lines.product_id,
    lines.order_date,
    {{week_start 'lines.order_date'}} as order_week,
    baskets.half,
    baskets.products,
    lines.quantity,
    lines.gross_amount
  from lines
  inner join baskets on baskets.order_id = lines.order_id
)
select * from final
