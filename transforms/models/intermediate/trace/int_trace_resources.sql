with stated as (
    {{ stated_figures_trace('resources') }}
),

rents as (
    select
        measure,
        as_of,
        document_id,
        unit,
        value,
        source_row_id
    from {{ ref('int_stated_figure') }}
    where measure in ('yearly_rent_saved', 'yearly_rent_added')
),

-- What the closings save less what is added: the second number counts against the first.
net_rent as (
    select
        saved.as_of,
        saved.document_id,
        parts.measure,
        parts.source_row_id,
        case parts.measure when 'yearly_rent_added' then -parts.value else parts.value end as row_value
    from rents as saved
    inner join rents as added
        on
            saved.as_of = added.as_of
            and saved.document_id = added.document_id
            and saved.unit = added.unit
    inner join rents as parts on parts.source_row_id in (saved.source_row_id, added.source_row_id)
    where saved.measure = 'yearly_rent_saved' and added.measure = 'yearly_rent_added'
),

derived as (
    select
        'value' as metric,
        as_of,
        'yearly_rent_saved_net / ' || document_id as dimension,
        measure as subject,
        {{ label_of('measure', 'measure') }} as subject_name,
        row_value,
        source_row_id
    from net_rent
),

all_rows as (
    select * from stated
    union all
    select * from derived
),

final as (
    select
        metric,
        as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from all_rows
)

select * from final
