with offices as (
    select
        offices.office_id,
        offices.locality,
        offices.municipality_code,
        -- “Stockholm Farsta” is an office in the city of Stockholm: there the place is the whole city.
        offices.locality like municipalities.municipality || ' %' as is_city_office
    from {{ ref('dim_office') }} as offices
    inner join {{ ref('dim_municipality') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
),

answers as (
    select
        office_id,
        service_centre_in_locality,
        source_row_id
    from {{ ref('stg_closing_offices') }}
    union all
    select
        office_id,
        service_centre_in_locality,
        source_row_id
    from {{ ref('stg_closed_despite_need') }}
),

service_centres as (
    select
        service_centre_id,
        locality,
        municipality_code,
        is_new,
        source_row_id
    from {{ ref('dim_service_centre') }}
),

-- Stands for the whole rollout where no row of it speaks of the municipality.
rollout_start as (
    select source_row_id
    from {{ ref('stg_service_centre_rollout') }}
    order by line_from, source_row_id
    limit 1
),

candidates as (
    select
        offices.locality as subject,
        answers.service_centre_in_locality as is_said,
        answers.source_row_id as source_a,
        coalesce(service_centres.source_row_id, rollout_start.source_row_id) as source_b,
        case
            when service_centres.locality = offices.locality or offices.is_city_office
                then case when service_centres.is_new then 'new' else 'yes' end
            else 'no'
        end as value_b
    from answers
    inner join offices
        on answers.office_id = offices.office_id
    cross join rollout_start
    left join service_centres
        on offices.municipality_code = service_centres.municipality_code
),

-- The row that says most of the place: a centre in it, one that will open in it, one elsewhere in the municipality.
ranked as (
    select
        *,
        row_number() over (
            partition by source_a
            order by case value_b when 'yes' then 1 when 'new' then 2 else 3 end, source_b
        ) as place_in_line
    from candidates
),

final as (
    select
        'service_centre' as kind,
        subject,
        'service_centre' as attribute,
        source_a,
        value_b,
        source_b,
        case when is_said then 'yes' else 'no' end as value_a
    from ranked
    where place_in_line = 1 and value_b != case when is_said then 'yes' else 'no' end
)

select * from final
