with offices as (
    select * from {{ ref('int_office') }}
),

-- The first version's form is carried back: an office had it before the plan named it. A reinstated office has no
-- known form before its decision, since its first version (closing) has none.
versions as (
    select
        *,
        row_number() over (partition by office_id order by known_from) = 1 as is_first
    from {{ ref('int_office_version') }}
),

final as (
    select
        as_of.as_of,
        offices.office_id,
        offices.municipality_code,
        offices.plan,
        offices.closes_on is null or offices.closes_on > as_of.as_of as is_open,
        case offices.plan when 'kept' then versions.form else offices.form end as form
    from {{ ref('int_as_of') }} as as_of
    cross join offices
    inner join versions
        on
            offices.office_id = versions.office_id
            and (versions.is_first or as_of.as_of >= versions.known_from)
            and (versions.known_to is null or as_of.as_of < versions.known_to)
)

select * from final
