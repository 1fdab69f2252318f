with final as (
    select
        municipality_code,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        scope_code,
        scope_name
    from {{ ref('int_municipality_scope') }}
)

select * from final
