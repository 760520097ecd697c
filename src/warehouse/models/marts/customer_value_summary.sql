with final as (
  select
    x,
    t_x_days,
    t_days,
    count(*) as customers,
    {{sum_money 'repeat_value'}} as repeat_value,
    {{sum_money 'total_value'}} as total_value
  from {{ref 'customer_value_base'}}
  group by x, t_x_days, t_days
)
select * from final
