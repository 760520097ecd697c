with centers as (
  select distribution_center_id, name from {{ref 'stg_distribution_centers'}}
),
items as (
  select
    items.*,
    coalesce(centers.name, 'Unknown') as distribution_center
  from {{ref 'order_items_enriched'}} as items
  left join centers on centers.distribution_center_id = items.distribution_center_id
  where items.is_sale
),
entries as (
  select
    order_week as week,
    order_id,
    customer_id,
    quantity as units,
    gross_amount,
    {{money '0'}} as refund_amount,
    cost_amount as net_cost,
    list_amount,
    category,
    department,
    brand,
    country,
    region,
    source,
    customer_type,
    distribution_center
  from items
  union all
  select
    returned_week as week,
    {{null_of 'string'}} as order_id,
    {{null_of 'string'}} as customer_id,
    {{int64 0}} as units,
    {{money '0'}} as gross_amount,
    refund_amount,
    {{money '0 - refund_cost'}} as net_cost,
    {{money '0'}} as list_amount,
    category,
    department,
    brand,
    country,
    region,
    source,
    customer_type,
    distribution_center
  from items
  where is_returned
),
dimensions as (
  select 'category' as dimension
  union all
  select 'department'
  union all
  select 'brand'
  union all
  select 'country'
  union all
  select 'region'
  union all
  select 'source'
  union all
  select 'customer_type'
  union all
  select 'distribution_center'
),
valued as (
  select
    entries.*,
    dimensions.dimension,
    case dimensions.dimension
      when 'category' then category
      when 'department' then department
      when 'brand' then brand
      when 'country' then country
      when 'region' then region
      when 'source' then source
      when 'customer_type' then customer_type
      else distribution_center
    end as value
  from entries
  cross join dimensions
),
final as (
  select
    week,
    dimension,
    value,
    count(distinct order_id) as orders,
    count(distinct customer_id) as customers,
    {{sum_int 'units'}} as units,
    {{sum_money 'gross_amount'}} as gross_amount,
    {{sum_money 'refund_amount'}} as refund_amount,
    {{money 'sum(gross_amount) - sum(refund_amount)'}} as net_revenue,
    {{sum_money 'net_cost'}} as net_cost,
    {{sum_money 'list_amount'}} as list_amount
  from valued
  group by week, dimension, value
)
select * from final
