with source as (
  select id, name, latitude, longitude
  from {{source 'distribution_centers'}}
),
final as (
  select
    {{string 'id'}} as distribution_center_id,
    coalesce(nullif(trim(name), ''), 'Distribution centre ' || {{string 'id'}}) as name,
    latitude,
    longitude
  from source
)
select * from final
