-- The release stage writes this table in its own copy of the file; here stands what it must look like.
with final as (
    select
        cast(null as varchar) as release_id,
        cast(null as varchar) as previous_release_id,
        cast(null as timestamp) as released_at,
        cast(null as varchar) as run_id,
        cast(null as varchar) as code_version,
        cast(null as varchar) as contract_version,
        cast(null as bigint) as documents,
        cast(null as bigint) as checks_passed,
        cast(null as bigint) as checks_failed
    where false
)

select * from final
