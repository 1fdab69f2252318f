with versions as (
    select
        *,
        row_number() over (partition by principle order by version) as version_number,
        lag(version) over (partition by principle order by version) as previous_version,
        lag(summary) over (partition by principle order by version) as previous_summary,
        lag(summary_sv) over (partition by principle order by version) as previous_summary_sv,
        lag(source_row_id) over (partition by principle order by version) as previous_source_row_id
    from {{ ref('stg_principles') }}
),

final as (
    select
        principle,
        {{ label_of('principle', 'principle') }} as principle_sv,
        version,
        version_number,
        decided_on,
        summary,
        summary_sv,
        previous_version,
        previous_summary,
        previous_summary_sv,
        document_id,
        source_row_id,
        previous_source_row_id
    from versions
)

select * from final
