with measures as (
    select
        count(distinct case when place_list = 'own_premises_of_other_activity' then place end)
            as own_premises_of_other_activity,
        count(distinct subject) as interviewed_units,
        count(distinct case when place_list = 'unit_municipality' then place end) as municipalities_of_interviewed_units
    from {{ ref('stg_stated_places') }}
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
