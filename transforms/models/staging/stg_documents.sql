with source as (
    select * from {{ source('raw', 'documents') }}
),

final as (
    select
        document_id,
        title,
        publisher,
        dnr,
        published,
        as_of,
        language,
        sha256
    from source
)

select * from final
