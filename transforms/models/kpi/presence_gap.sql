with gaps as (
    select
        office_id,
        municipality_code,
        presence_form,
        as_of,
        closed_on,
        is_open,
        gap_days_min,
        gap_days_max
    from {{ ref('int_presence_gap') }}
    where place_kind = 'office'
),

offices as (
    select
        office_id,
        office
    from {{ ref('dim_office') }}
),

final as (
    select
        gaps.as_of,
        gaps.office_id,
        offices.office,
        gaps.municipality_code,
        gaps.presence_form,
        {{ label_of('presence_form', 'gaps.presence_form') }} as presence_form_sv,
        gaps.closed_on,
        gaps.is_open,
        gaps.gap_days_min,
        gaps.gap_days_max
    from gaps
    inner join offices on gaps.office_id = offices.office_id
)

select * from final
