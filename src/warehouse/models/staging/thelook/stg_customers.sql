with source as (
  select id, created_at, country, state, city, latitude, longitude, gender, age, traffic_source
  from {{source 'users'}}
  where created_at is null or created_at < {{wall}}
),
final as (
  select
    {{string 'id'}} as customer_id,
    created_at,
    case nullif(trim(country), 'null')
      when 'España' then 'Spain'
      when 'Deutschland' then 'Germany'
      when 'Brasil' then 'Brazil'
      when 'Italia' then 'Italy'
      when 'Österreich' then 'Austria'
      when 'België' then 'Belgium'
      when 'Belgique' then 'Belgium'
      when 'Polska' then 'Poland'
      when '中国' then 'China'
      when '日本' then 'Japan'
      when '대한민국' then 'South Korea'
      when '' then null
      else nullif(trim(country), 'null')
    end as country,
    nullif(nullif(trim(state), 'null'), '') as region,
    nullif(nullif(trim(city), 'null'), '') as city,
    latitude,
    longitude,
    gender,
    age,
    traffic_source as source
  from source
)
select * from final
