-- One situation, one code: no service centre in the place, but one in another place of the municipality that the answer
-- names.
with answers as (
    select
        'elsewhere in the municipality' as group_name,
        offices.locality as subject,
        'service_centre_answer' as attribute,
        cast(answers.service_centre_in_locality as varchar) as value,
        answers.service_centre_printed as printed,
        answers.source_row_id,
        answers.line_from
    from {{ ref('stg_closing_offices') }} as answers
    inner join {{ ref('dim_office') }} as offices
        on answers.office_id = offices.office_id
    inner join {{ ref('dim_service_centre') }} as service_centres
        on
            answers.service_centre_place = service_centres.locality
            and offices.municipality_code = service_centres.municipality_code
            and offices.locality != service_centres.locality
),

final as (
    {{ unlike_the_usual('coding', 'answers') }}
)

select * from final
