with versions as (
    select
        until_then.version as subject,
        until_then.summary_sv as subject_name,
        until_then.source_row_id,
        versions.principle || ' / ' || versions.version as dimension
    from {{ ref('stg_principles') }} as versions
    inner join {{ ref('stg_principles') }} as until_then
        on versions.principle = until_then.principle and versions.version >= until_then.version
),

final as (
    select
        'version_number' as metric,
        cast(null as date) as as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        cast(null as double) as row_value,
        source_row_id
    from versions
)

select * from final
