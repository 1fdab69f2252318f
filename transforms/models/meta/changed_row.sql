-- The release stage writes this table in its own copy of the file; here stands what it must look like.
with final as (
    select
        cast(null as varchar) as release_id,
        cast(null as varchar) as table_name,
        cast(null as varchar) as row_key,
        cast(null as varchar) as kind,
        cast(null as varchar) as column_name,
        cast(null as varchar) as value_before,
        cast(null as varchar) as value_after
    where false
)

select * from final
