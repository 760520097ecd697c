with split as (
  select max(holdout_days) as holdout_days
  from {{ref 'customer_value_holdout'}}
),
-- One definition of every feature for three moments: what teaches, what judges and what is scored can't come apart.
moments as (
  select
    'training' as moment,
    {{add_days (as_of) '(0 - 2 * holdout_days)'}} as moment_date,
    {{add_days (as_of) '(0 - holdout_days)'}} as until_date,
    holdout_days
  from split
  where holdout_days is not null
  union all
  select 'judging', {{add_days (as_of) '(0 - holdout_days)'}}, {{as_of}}, holdout_days
  from split
  where holdout_days is not null
  union all
  select 'today', {{as_of}}, {{as_of}}, coalesce(holdout_days, 0)
  from split
),
items as (
  select
    moments.moment,
    items.customer_id,
    items.order_id,
    items.order_item_id,
    items.order_date,
    items.category,
    items.quantity,
    items.gross_amount,
    items.refund_amount,
    items.list_amount,
    items.order_date > moments.moment_date as is_later,
    items.is_returned
    and items.returned_date <= case when items.order_date > moments.moment_date then moments.until_date else moments.moment_date end as is_back
  from {{ref 'order_items_enriched'}} as items
  inner join moments on items.order_date <= moments.until_date
  where items.is_sale and items.customer_id is not null
),
orders as (
  select
    moment,
    customer_id,
    order_id,
    order_date,
    is_later,
    {{count_if 'not is_back'}} > 0 as is_purchase,
    {{sum_int 'quantity'}} as pieces,
    {{sum_int_if 'quantity' 'is_back'}} as pieces_back,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'list_amount'}} as list_amount,
    {{money (sum_money 'gross_amount')}} - {{sum_money_if 'refund_amount' 'is_back'}} as net_amount
  from items
  group by moment, customer_id, order_id, order_date, is_later
),
days as (
  select
    moment,
    customer_id,
    order_date,
    is_later,
    {{sum_int 'pieces'}} as pieces,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'list_amount'}} as list_amount,
    {{sum_money 'net_amount'}} as net_amount
  from orders
  where is_purchase
  group by moment, customer_id, order_date, is_later
),
histories as (
  select
    moment,
    customer_id,
    min(order_date) as first_order_date,
    max(case when not is_later then order_date end) as last_order_date,
    {{count_if 'not is_later'}} - 1 as x,
    {{sum_money_if 'net_amount' 'not is_later'}} as total_value,
    {{count_if 'is_later'}} as later_purchases,
    {{sum_money_if 'net_amount' 'is_later'}} as later_value
  from days
  group by moment, customer_id
  having {{count_if 'not is_later'}} > 0
),
returns as (
  select moment, customer_id, {{sum_int 'pieces_back'}} as pieces_back
  from orders
  where not is_later
  group by moment, customer_id
),
firsts as (
  select moment, customer_id, {{first_by 'category' 'order_date' 'order_item_id'}} as first_category
  from items
  where not is_later and not is_back
  group by moment, customer_id
),
known as (
  select
    histories.*,
    moments.moment_date,
    moments.holdout_days as horizon_days,
    {{days_between 'histories.first_order_date' 'histories.last_order_date'}} as t_x_days,
    {{days_between 'histories.first_order_date' 'moments.moment_date'}} as t_days,
    {{days_between 'histories.last_order_date' 'moments.moment_date'}} as recency_days,
    days.net_amount as first_value,
    days.pieces as first_pieces,
    1 - {{safe_divide 'days.gross_amount' 'days.list_amount'}} as first_discount,
    {{safe_divide 'histories.total_value' 'histories.x + 1'}} as mean_value,
    {{safe_divide 'histories.total_value - days.net_amount' 'histories.x'}} as m,
    coalesce(returns.pieces_back, 0) as pieces_back,
    firsts.first_category,
    coalesce(customers.source, 'Unknown') as source,
    coalesce(customers.country, 'Unknown') as country
  from histories
  inner join moments on moments.moment = histories.moment
  inner join days
    on days.moment = histories.moment and days.customer_id = histories.customer_id and days.order_date = histories.first_order_date
  left join returns on returns.moment = histories.moment and returns.customer_id = histories.customer_id
  left join firsts on firsts.moment = histories.moment and firsts.customer_id = histories.customer_id
  left join {{ref 'stg_customers'}} as customers on customers.customer_id = histories.customer_id
),
usual as (
  select
    moment,
    {{safe_divide (sum_money 'total_value') (sum_int 'x + 1')}} as purchase_value,
    {{safe_divide (sum_money 'first_value') 'count(*)'}} as first_value
  from known
  group by moment
),
compared as (
  select
    known.*,
    {{safe_divide 'known.mean_value' 'usual.purchase_value'}} as value_ratio,
    {{safe_divide 'known.first_value' 'usual.first_value'}} as first_value_ratio
  from known
  inner join usual on usual.moment = known.moment
),
final as (
  select
    moment,
    customer_id,
    moment_date,
    horizon_days,
    first_order_date,
    last_order_date,
    x,
    t_x_days,
    t_days,
    recency_days,
    total_value,
    m,
    mean_value,
    first_value,
    first_pieces,
    first_discount,
    pieces_back,
    case
      when recency_days <= 7 then '0 to 7 days'
      when recency_days <= 30 then '8 to 30 days'
      when recency_days <= 60 then '31 to 60 days'
      when recency_days <= 90 then '61 to 90 days'
      when recency_days <= 182 then '91 to 182 days'
      when recency_days <= 365 then '183 to 365 days'
      when recency_days <= 730 then '366 to 730 days'
      else 'over 730 days'
    end as recency_bin,
    case
      when x = 0 then '1'
      when x = 1 then '2'
      when x = 2 then '3'
      when x <= 4 then '4 or 5'
      when x <= 9 then '6 to 10'
      else 'over 10'
    end as frequency_bin,
    case
      when t_days <= 30 then '0 to 30 days'
      when t_days <= 90 then '31 to 90 days'
      when t_days <= 182 then '91 to 182 days'
      when t_days <= 365 then '183 to 365 days'
      when t_days <= 730 then '366 to 730 days'
      else 'over 730 days'
    end as age_bin,
    case
      when x = 0 then 'one purchase'
      when recency_days * x <= t_x_days then 'within its mean gap'
      when recency_days * x <= 2 * t_x_days then 'up to 2 gaps'
      when recency_days * x <= 4 * t_x_days then 'up to 4 gaps'
      when recency_days * x <= 8 * t_x_days then 'up to 8 gaps'
      else 'over 8 gaps'
    end as pace_bin,
    case
      when x = 0 then 'none'
      when 1460 * x <= t_days + 90 then 'up to 0.25'
      when 730 * x <= t_days + 90 then 'up to 0.5'
      when 365 * x <= t_days + 90 then 'up to 1'
      when 730 * x <= 3 * (t_days + 90) then 'up to 1.5'
      when 365 * x <= 2 * (t_days + 90) then 'up to 2'
      when 365 * x <= 3 * (t_days + 90) then 'up to 3'
      when 365 * x <= 4 * (t_days + 90) then 'up to 4'
      when 365 * x <= 6 * (t_days + 90) then 'up to 6'
      else 'over 6'
    end as rate_bin,
    case
      when value_ratio is null then 'unknown'
      when value_ratio < 0.4 then 'under 0.4'
      when value_ratio < 0.7 then '0.4 to 0.7'
      when value_ratio < 1 then '0.7 to 1'
      when value_ratio < 1.4 then '1 to 1.4'
      when value_ratio < 2 then '1.4 to 2'
      else '2 or more'
    end as value_bin,
    case
      when first_value_ratio is null then 'unknown'
      when first_value_ratio < 0.4 then 'under 0.4'
      when first_value_ratio < 0.7 then '0.4 to 0.7'
      when first_value_ratio < 1 then '0.7 to 1'
      when first_value_ratio < 1.4 then '1 to 1.4'
      when first_value_ratio < 2 then '1.4 to 2'
      else '2 or more'
    end as first_value_bin,
    case when first_pieces = 1 then '1' when first_pieces = 2 then '2' when first_pieces = 3 then '3' else '4 or more' end as first_pieces_bin,
    case
      when first_discount is null or first_discount < 0.005 then 'none'
      when first_discount < 0.1995 then 'under 20%'
      else '20% or more'
    end as first_discount_bin,
    case when pieces_back > 0 then 'some' else 'none' end as returned_bin,
    coalesce(first_category, 'Unknown') as first_category_bin,
    source as source_bin,
    country as country_bin,
    case when moment <> 'today' then later_purchases end as later_purchases,
    case when moment <> 'today' then later_value end as later_value
  from compared
)
select * from final
