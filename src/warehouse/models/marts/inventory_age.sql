with stock as (
  select
    coalesce(products.category, 'Unknown') as category,
    {{days_between (local_date 'stock.received_at') (as_of)}} as days,
    stock.cost
  from {{ref 'stg_inventory'}} as stock
  left join {{ref 'stg_products'}} as products on products.product_id = stock.product_id
  where stock.sold_at is null
),
aged as (
  select
    category,
    case
      when days <= 30 then 0
      when days <= 90 then 31
      when days <= 180 then 91
      when days <= 365 then 181
      else 366
    end as age_from,
    cost
  from stock
),
final as (
  select
    category,
    case age_from
      when 0 then '0–30'
      when 31 then '31–90'
      when 91 then '91–180'
      when 181 then '181–365'
      else 'over 365'
    end as age_band,
    {{int64 'age_from'}} as age_from,
    count(*) as stock_units,
    {{sum_money 'cost'}} as stock_cost
  from aged
  group by category, age_from
)
select * from final
