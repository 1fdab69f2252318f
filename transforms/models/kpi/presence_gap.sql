with gaps as (
    select
        office_id,
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
        office,
        municipality_code,
        presence_form,
        presence_form_sv
    from {{ ref('dim_office') }}
),

final as (
    select
        gaps.as_of,
        gaps.office_id,
        offices.office,
        offices.municipality_code,
        offices.presence_form,
        offices.presence_form_sv,
        gaps.closed_on,
        gaps.is_open,
        gaps.gap_days_min,
        gaps.gap_days_max
    from gaps
    inner join offices on gaps.office_id = offices.office_id
)

select * from final
