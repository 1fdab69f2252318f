with final as (
    select
        'statements' as metric,
        cast(null as date) as as_of,
        stated_places.subject as dimension,
        place_municipality.municipality_code,
        stated_places.source_row_id as subject,
        stated_places.place as subject_name,
        cast(null as double) as row_value,
        stated_places.source_row_id
    from {{ ref('stg_stated_places') }} as stated_places
    inner join {{ ref('int_place_municipality') }} as place_municipality
        on stated_places.place = place_municipality.place
    where stated_places.place_list = 'unit_municipality'
)

select * from final
