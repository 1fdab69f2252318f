with places as (
    select
        offices.office_id,
        offices.locality,
        offices.municipality_code,
        offices.document_id,
        offices.source_row_id,
        documents.as_of
    from {{ ref('dim_office') }} as offices
    inner join {{ ref('stg_documents') }} as documents
        on offices.document_id = documents.document_id
    where offices.presence_form = 'nearby_office'
),

kept_offices as (
    select
        versions.office_id,
        versions.known_from,
        versions.known_to,
        versions.form,
        versions.source_row_id,
        offices.municipality_code
    from {{ ref('fct_office_plan') }} as versions
    inner join {{ ref('dim_office') }} as offices
        on versions.office_id = offices.office_id
    where versions.plan = 'kept'
),

-- The row of the same document where it has one: a plan that is repeated makes no version.
statements as (
    select
        office_id,
        document_id,
        source_row_id
    from {{ ref('int_office_statement') }}
    where plan = 'kept'
),

-- Where the municipality keeps no office the nearby one lies in a neighbour that no row names: nothing to compare.
comparisons as (
    select
        places.locality as subject,
        'nearby_office_form' as attribute,
        'staffed' as value_a,
        places.source_row_id as source_a,
        kept_offices.form as value_b,
        coalesce(statements.source_row_id, kept_offices.source_row_id) as source_b,
        kept_offices.form = 'staffed' as agrees
    from places
    inner join kept_offices
        on
            places.municipality_code = kept_offices.municipality_code
            and places.office_id != kept_offices.office_id
            and places.as_of >= kept_offices.known_from
            and (kept_offices.known_to is null or places.as_of < kept_offices.known_to)
    left join statements
        on kept_offices.office_id = statements.office_id and places.document_id = statements.document_id
),

final as (
    {{ contradicted('nearby_office_not_staffed', 'comparisons') }}
)

select * from final
