-- noqa: disable=RF04
-- The column names are those of the published contract.
with stated as (
    {{ stated_figures_of('resources') }}
),

-- What the closings save in rent less what collaborations and reinstated offices add.
net_rent as (
    select
        saved.as_of,
        saved.document_id,
        saved.unit,
        saved.counts,
        saved.source_row_id,
        'yearly_rent_saved_net' as measure,
        saved.value - added.value as value,
        case when 'rounded' in (saved.tolerance, added.tolerance) then 'rounded' else 'exact' end as tolerance
    from stated as saved
    inner join stated as added
        on
            saved.as_of = added.as_of
            and saved.document_id = added.document_id
            and saved.unit = added.unit
    where saved.measure = 'yearly_rent_saved' and added.measure = 'yearly_rent_added'
),

derived as (
    select
        measure,
        {{ label_of('measure', 'measure') }} as measure_sv,
        as_of,
        document_id,
        'derived' as basis,
        {{ label_of('basis', "'derived'") }} as basis_sv,
        value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        unit,
        {{ label_of('unit', 'unit') }} as unit_sv,
        counts,
        tolerance,
        {{ label_of('tolerance', 'tolerance') }} as tolerance_sv,
        'Rent that the closings save less the rent added' as label,
        'Hyra som avvecklingen sparar minus tillkommande hyra' as label_sv,
        cast(0 as bigint) as statements,
        source_row_id
    from net_rent
),

final as (
    select * from stated
    union all
    select * from derived
)

select * from final
