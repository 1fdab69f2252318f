with criteria as (
    select
        criteria.criterion,
        criteria.summary_sv,
        criteria.threshold,
        criteria.threshold_basis,
        criteria.source_row_id,
        documents.as_of
    from {{ ref('stg_criteria') }} as criteria
    inner join {{ ref('stg_documents') }} as documents
        on criteria.document_id = documents.document_id
),

pairs as (
    select
        earlier.summary_sv as subject,
        earlier.source_row_id as source_a,
        later.source_row_id as source_b,
        cast(earlier.threshold as varchar) as threshold_a,
        cast(later.threshold as varchar) as threshold_b,
        earlier.threshold_basis as threshold_basis_a,
        later.threshold_basis as threshold_basis_b
    from criteria as earlier
    inner join criteria as later
        on earlier.criterion = later.criterion and earlier.as_of < later.as_of
),

answers as (
    select
        subject,
        'threshold' as attribute,
        threshold_a as value_a,
        source_a,
        threshold_b as value_b,
        source_b
    from pairs
    union all
    select
        subject,
        'threshold_basis' as attribute,
        threshold_basis_a as value_a,
        source_a,
        threshold_basis_b as value_b,
        source_b
    from pairs
),

final as (
    select
        *,
        'criterion' as kind
    from answers
    where value_a != value_b
)

select * from final
