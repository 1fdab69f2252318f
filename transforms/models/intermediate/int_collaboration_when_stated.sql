with ranked as (
    select
        states.*,
        row_number() over (
            partition by states.office_id order by states.as_of desc, states.document_id desc
        ) as age_rank
    from {{ ref('fct_collaboration_state') }} as states
    inner join {{ ref('int_last_statement') }} as last_statement
        on {{ is_known('states', 'last_statement.stated_on') }}
),

final as (
    select
        office_id,
        as_of,
        in_use,
        premises
    from ranked
    where age_rank = 1
)

select * from final
