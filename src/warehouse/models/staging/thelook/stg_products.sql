with source as (
  select id, name, brand, category, department, retail_price, cost, distribution_center_id
  from {{source 'products'}}
),
final as (
  select
    {{string 'id'}} as product_id,
    coalesce(nullif(nullif(trim(name), ''), 'null'), 'Unnamed product ' || {{string 'id'}}) as name,
    coalesce(nullif(nullif(trim(brand), ''), 'null'), 'No brand') as brand,
    coalesce(nullif(nullif(trim(category), ''), 'null'), 'No category') as category,
    coalesce(nullif(nullif(trim(department), ''), 'null'), 'No department') as department,
    {{numeric 'retail_price'}} as list_price,
    {{numeric 'cost'}} as cost,
    {{string 'distribution_center_id'}} as distribution_center_id
  from source
)
select * from final
