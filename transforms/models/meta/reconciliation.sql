with stated as (
    select
        figure_id,
        document_id,
        page,
        line_from,
        as_of,
        topic,
        measure,
        label,
        label_sv,
        unit,
        tolerance,
        computed_by,
        reason,
        reason_sv,
        value,
        -- A single value is the narrowest range: both bounds.
        coalesce(value, lower) as stated_lower,
        coalesce(value, upper) as stated_upper,
        -- Rounded: five percent of the stated number. Percentages: half a printed point.
        case tolerance
            when 'rounded' then 0.05 * abs(coalesce(value, upper))
            when 'percentage_points' then 0.5
            else 0
        end as slack
    from {{ ref('stated_figure') }}
),

computed as (
    select
        computed_by,
        measure,
        computed
    from {{ ref('computed_figure') }}
),

explanations as (
    select
        measure,
        stated,
        agrees_if,
        agrees_if_sv,
        agrees_if_measure,
        explanation,
        explanation_sv
    from {{ ref('known_differences') }}
),

-- Sums and quotients of doubles: what is equal on paper may differ in the last bit.
compared as (
    select
        stated.*,
        computed.computed,
        computed.computed
        - coalesce(stated.value, least(greatest(computed.computed, stated.stated_lower), stated.stated_upper))
            as difference,
        case
            when computed.computed is null then 'not_computable'
            when
                computed.computed >= stated.stated_lower - stated.slack - 1e-9
                and computed.computed <= stated.stated_upper + stated.slack + 1e-9
                then 'agrees'
            else 'differs'
        end as verdict
    from stated
    left join computed on stated.computed_by = computed.computed_by and stated.measure = computed.measure
),

final as (
    select
        compared.figure_id,
        compared.document_id,
        compared.page,
        compared.line_from,
        compared.as_of,
        compared.topic,
        {{ label_of('topic', 'compared.topic') }} as topic_sv,
        compared.measure,
        compared.label,
        compared.label_sv,
        compared.unit,
        compared.tolerance,
        {{ label_of('tolerance', 'compared.tolerance') }} as tolerance_sv,
        compared.computed_by,
        compared.computed_by = 'derived' as is_derived,
        compared.value as stated,
        compared.stated_lower,
        compared.stated_upper,
        compared.computed,
        compared.difference,
        compared.verdict,
        {{ label_of('verdict', 'compared.verdict') }} as verdict_sv,
        case when compared.verdict = 'differs' then explanations.agrees_if end as agrees_if,
        case when compared.verdict = 'differs' then explanations.agrees_if_sv end as agrees_if_sv,
        case when compared.verdict = 'differs' then alternatives.computed end as computed_if,
        case compared.verdict
            when 'differs' then explanations.explanation
            when 'not_computable' then coalesce(compared.reason, 'the queries of its family give no such measure')
        end as explanation,
        case compared.verdict
            when 'differs' then explanations.explanation_sv
            when 'not_computable' then coalesce(compared.reason_sv, 'Frågorna i dess familj ger inget sådant mått')
        end as explanation_sv
    from compared
    left join explanations on compared.measure = explanations.measure and compared.value = explanations.stated
    left join computed as alternatives
        on compared.computed_by = alternatives.computed_by and explanations.agrees_if_measure = alternatives.measure
)

select * from final
