with municipalities as (
    select
        municipality,
        municipality_code
    from {{ ref('stg_municipalities') }}
),

-- A status of the rollout is about the office that bears the place's name. Where there is none it is about an office
-- of the municipality: of the other place, if the status names one for the office that it keeps.
rollout_claims as (
    select
        rollout.source_row_id,
        rollout.document_id,
        rollout.place as subject,
        case
            when rollout.office_status in ('kept_with_drop_in', 'kept_booked_only') then 'kept'
            when rollout.office_status in ('closed', 'closing') then 'closing'
            when rollout.office_status = 'none_before' then 'none'
        end as plan,
        case rollout.office_status when 'closed' then true when 'closing' then false end as is_closed,
        rollout.printed_closes_on as closes_on,
        -- A travel-to office has booked visits only.
        case when rollout.office_status = 'kept_with_drop_in' then 'staffed' end as form,
        cast(null as varchar) as presence_form,
        cast(null as varchar) as agreement,
        cast(null as varchar) as premises,
        place_offices.office_id,
        coalesce(other_places.municipality_code, place_municipality.municipality_code) as municipality_code
    from {{ ref('stg_service_centre_rollout') }} as rollout
    left join {{ ref('int_place_office') }} as place_offices
        on rollout.place = place_offices.place
    left join {{ ref('int_place_municipality') }} as place_municipality
        on rollout.place = place_municipality.place
    left join municipalities as other_places
        on
            rollout.other_place = other_places.municipality
            and rollout.office_status in ('kept_with_drop_in', 'kept_booked_only')
),

-- Tabell 1 names the office.
office_claims as (
    select
        source_row_id,
        document_id,
        regexp_replace(office, '^A[fF] ', '') as subject,
        'closing' as plan,
        true as is_closed,
        closes_on,
        form,
        presence_form,
        agreement,
        premises,
        office_id,
        cast(null as varchar) as municipality_code
    from {{ ref('stg_closed_despite_need') }}
),

-- Tabell 2 names the municipality.
municipality_claims as (
    select
        competitiveness.source_row_id,
        competitiveness.document_id,
        competitiveness.municipality as subject,
        competitiveness.plan,
        case when competitiveness.plan = 'closing' then true end as is_closed,
        competitiveness.closes_on,
        competitiveness.form,
        competitiveness.presence_form,
        competitiveness.agreement,
        case
            when competitiveness.is_outside_service_centre then 'not_service_centre'
            else competitiveness.premises
        end as premises,
        cast(null as varchar) as office_id,
        municipalities.municipality_code
    from {{ ref('stg_competitiveness') }} as competitiveness
    left join municipalities
        on competitiveness.municipality = municipalities.municipality
),

-- Bilaga 5 may come again with another day.
appendix_claims as (
    select
        source_row_id,
        document_id,
        locality as subject,
        cast(null as varchar) as plan,
        cast(null as boolean) as is_closed,
        closes_on,
        cast(null as varchar) as form,
        cast(null as varchar) as presence_form,
        cast(null as varchar) as agreement,
        cast(null as varchar) as premises,
        office_id,
        cast(null as varchar) as municipality_code
    from {{ ref('stg_closing_offices') }}
),

claims as (
    select * from rollout_claims
    union all
    select * from office_claims
    union all
    select * from municipality_claims
    union all
    select * from appendix_claims
),

offices as (
    select
        *,
        row_number() over (partition by plan order by source_row_id) as place_in_table
    from {{ ref('dim_office') }}
),

-- Stands for the whole appendix where a row speaks of an office that it does not have.
table_starts as (
    select
        plan,
        source_row_id
    from offices
    where place_in_table = 1
),

final as (
    select
        claims.source_row_id,
        documents.as_of,
        claims.subject,
        claims.plan,
        claims.is_closed,
        claims.closes_on,
        claims.form,
        claims.presence_form,
        claims.agreement,
        claims.premises,
        offices.office_id,
        coalesce(offices.source_row_id, table_starts.source_row_id) as office_source_row_id
    from claims
    inner join {{ ref('stg_documents') }} as documents
        on claims.document_id = documents.document_id
    left join offices
        on
            claims.office_id = offices.office_id
            or (claims.office_id is null and claims.municipality_code = offices.municipality_code)
    left join table_starts
        on claims.plan = table_starts.plan
)

select * from final
