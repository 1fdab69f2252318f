with final as (
    select
        first_month,
        age_range,
        labour_force,
        lead(first_month) over (order by first_month) as next_first_month
    from {{ ref('registration_breaks') }}
)

select * from final
