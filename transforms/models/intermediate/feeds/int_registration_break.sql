with final as (
    select
        first_month,
        lead(first_month) over (order by first_month) as next_first_month,
        age_range,
        labour_force
    from {{ ref('registration_breaks') }}
)

select * from final
