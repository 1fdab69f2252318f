with criteria as (
    select
        criteria.criterion,
        criteria.document_id,
        documents.as_of,
        criteria.kind,
        criteria.is_measurable,
        criteria.threshold,
        criteria.threshold_basis,
        criteria.summary,
        criteria.summary_sv,
        criteria.source_row_id,
        coalesce(reasons.reason, 'No document gives what would judge it.') as reason,
        coalesce(reasons.reason_sv, 'Inget dokument anger det som krävs för en bedömning.') as reason_sv
    from {{ ref('stg_criteria') }} as criteria
    inner join {{ ref('stg_documents') }} as documents on criteria.document_id = documents.document_id
    left join {{ ref('uncomputable_criteria') }} as reasons on criteria.criterion = reasons.criterion
),

municipalities as (
    select * from {{ ref('dim_municipality') }}
),

staffing as (
    select * from {{ ref('int_staffing') }}
),

shares as (
    select
        competitiveness.document_id,
        municipalities.municipality_code,
        cast(round(100 * competitiveness.weaker_competitiveness_share, 1) as varchar) as share_pct
    from {{ ref('stg_competitiveness') }} as competitiveness
    inner join municipalities on competitiveness.municipality = municipalities.municipality
),

registrations as (
    select * from {{ ref('int_registered_on_document_date') }}
),

feed_shares as (
    select
        document_id,
        municipality_code,
        cast(round(100 * weaker_competitiveness_share, 1) as varchar) as share_pct,
        strftime(report_month, '%Y-%m') as share_month
    from {{ ref('int_weaker_competitiveness') }}
),

-- A measurable criterion is judged municipality by municipality, on the document's own date. The criterion on
-- FA-regions looks at the offices of the whole FA-region, every other one at those of the municipality.
municipality_facts as (
    select
        criteria.*,
        municipalities.municipality_code,
        municipalities.municipality,
        municipalities.fa_region,
        staffing.staffed_offices,
        staffing.travel_to_offices,
        staffing.offices_of_unknown_form,
        registrations.registered_min,
        registrations.registered_max,
        registrations.months,
        coalesce(shares.share_pct, feed_shares.share_pct) as share_pct,
        case when shares.share_pct is null then feed_shares.share_month end as share_month,
        coalesce(staffing.staffed, 0) as staffed,
        -- Rounded, since it may be a mean; from bound to bound where a number is withheld.
        cast(cast(round(registrations.registered_min) as bigint) as varchar)
        || case
            when registrations.registered_max > registrations.registered_min
                then '–' || cast(cast(round(registrations.registered_max) as bigint) as varchar)
            else ''
        end as registered_number,
        strftime(registrations.first_month, '%Y-%m') as first_month,
        strftime(registrations.last_month, '%Y-%m') as last_month
    from criteria
    cross join municipalities
    left join staffing
        on
            criteria.as_of = staffing.as_of
            and case criteria.criterion when 'staffed_office_in_fa_region' then 'fa_region' else 'municipality' end
            = staffing.scope
            and case criteria.criterion
                when 'staffed_office_in_fa_region' then municipalities.fa_region_code
                else municipalities.municipality_code
            end = staffing.scope_code
    left join shares
        on criteria.document_id = shares.document_id and municipalities.municipality_code = shares.municipality_code
    left join feed_shares
        on
            criteria.document_id = feed_shares.document_id
            and municipalities.municipality_code = feed_shares.municipality_code
    left join registrations
        on
            criteria.document_id = registrations.document_id
            and criteria.threshold_basis = registrations.threshold_basis
            and municipalities.municipality_code = registrations.municipality_code
    where criteria.is_measurable
),

-- The number registered against the threshold, in words. Bounds that the threshold lies between tell nothing.
number_facts as (
    select
        *,
        case
            when registered_min > threshold then 'above'
            when registered_max <= threshold then 'not_above'
            when registered_min is not null then 'between'
        end as side_of_threshold,
        case
            when months = 1 then registered_number || ' registered in ' || last_month
            else
                registered_number || ' registered on average in the ' || months || ' months known from ' || first_month
                || ' to ' || last_month
        end as number_text,
        case
            when months = 1 then registered_number || ' inskrivna i ' || last_month
            else
                registered_number || ' inskrivna i genomsnitt under de ' || months || ' kända månaderna från '
                || first_month || ' till ' || last_month
        end as number_text_sv
    from municipality_facts
),

-- The one place where rows become verdicts. A municipality with a staffed office meets the threshold's demand whatever
-- the number registered; without one, the number decides: a municipality that is not above it is asked for no office.
municipality_verdicts as (
    select
        *,
        case
            when criterion = 'staffed_office_above_threshold' and staffed_offices is not null then 'met'
            when criterion = 'staffed_office_above_threshold' and side_of_threshold = 'not_above' then 'met'
            when
                criterion = 'staffed_office_above_threshold'
                and side_of_threshold = 'above'
                and offices_of_unknown_form is null
                then 'not_met'
            when criterion = 'staffed_office_in_fa_region' and staffed_offices is not null then 'met'
            when criterion = 'staffed_office_in_fa_region' and offices_of_unknown_form is null then 'not_met'
            else 'not_computable'
        end as verdict
    from number_facts
),

municipality_assessments as (
    select
        criterion,
        document_id,
        as_of,
        kind,
        is_measurable,
        threshold,
        threshold_basis,
        summary,
        summary_sv,
        municipality_code,
        municipality,
        cast(null as varchar) as office_id,
        case
            when criterion in ('staffed_office_above_threshold', 'staffed_office_in_fa_region') then staffed
        end as staffed,
        verdict,
        case
            when criterion = 'staffed_office_above_threshold' and staffed_offices is not null
                then 'Staffed: ' || staffed_offices || '. Met whatever the number registered.'
            when criterion = 'staffed_office_above_threshold' and side_of_threshold is not null
                then
                    case
                        when offices_of_unknown_form is not null
                            then 'Form unknown: ' || offices_of_unknown_form || '. '
                        else 'No staffed office. '
                    end
                    || number_text
                    || case side_of_threshold
                        when 'above' then ', more than ' || threshold || '.'
                        when 'not_above' then ', not more than ' || threshold || ': none is asked for.'
                        else ': secrecy leaves open whether it is more than ' || threshold || '.'
                    end
            when criterion = 'staffed_office_above_threshold' and offices_of_unknown_form is not null
                then 'Form unknown: ' || offices_of_unknown_form || '. ' || reason
            when criterion = 'staffed_office_above_threshold' then 'No staffed office. ' || reason
            when criterion = 'staffed_office_in_fa_region' and verdict = 'met'
                then 'FA-region ' || fa_region || ', staffed: ' || staffed_offices || '.'
            when criterion = 'staffed_office_in_fa_region' and offices_of_unknown_form is not null
                then 'FA-region ' || fa_region || ', form unknown: ' || offices_of_unknown_form || '.'
            when criterion = 'staffed_office_in_fa_region' and travel_to_offices is not null
                then 'FA-region ' || fa_region || ' has no staffed office, only travel-to: ' || travel_to_offices || '.'
            when criterion = 'staffed_office_in_fa_region' then 'FA-region ' || fa_region || ' has no office.'
            when criterion = 'priority_for_weaker_competitiveness' and share_pct is not null
                then
                    share_pct || ' % of the registered unemployed have weaker competitiveness'
                    || coalesce(' (' || share_month || ')', '') || '. ' || reason
            else reason
        end as evidence,
        case
            when criterion = 'staffed_office_above_threshold' and staffed_offices is not null
                then 'Fast bemannat: ' || staffed_offices || '. Uppfyllt oavsett antalet inskrivna.'
            when criterion = 'staffed_office_above_threshold' and side_of_threshold is not null
                then
                    case
                        when offices_of_unknown_form is not null
                            then 'Okänd form: ' || offices_of_unknown_form || '. '
                        else 'Inget fast bemannat kontor. '
                    end
                    || number_text_sv
                    || case side_of_threshold
                        when 'above' then ', fler än ' || threshold || '.'
                        when 'not_above' then ', inte fler än ' || threshold || ': inget kontor krävs.'
                        else ': sekretessen lämnar öppet om det är fler än ' || threshold || '.'
                    end
            when criterion = 'staffed_office_above_threshold' and offices_of_unknown_form is not null
                then 'Okänd form: ' || offices_of_unknown_form || '. ' || reason_sv
            when criterion = 'staffed_office_above_threshold' then 'Inget fast bemannat kontor. ' || reason_sv
            when criterion = 'staffed_office_in_fa_region' and verdict = 'met'
                then 'FA-region ' || fa_region || ', fast bemannat: ' || staffed_offices || '.'
            when criterion = 'staffed_office_in_fa_region' and offices_of_unknown_form is not null
                then 'FA-region ' || fa_region || ', okänd form: ' || offices_of_unknown_form || '.'
            when criterion = 'staffed_office_in_fa_region' and travel_to_offices is not null
                then
                    'FA-region ' || fa_region || ' saknar fast bemannat kontor, har endast kontor vi reser till: '
                    || travel_to_offices || '.'
            when criterion = 'staffed_office_in_fa_region' then 'FA-region ' || fa_region || ' saknar kontor.'
            when criterion = 'priority_for_weaker_competitiveness' and share_pct is not null
                then
                    replace(share_pct, '.', ',') || ' % av de inskrivna arbetslösa har svagare konkurrensförmåga'
                    || coalesce(' (' || share_month || ')', '') || '. ' || reason_sv
            else reason_sv
        end as evidence_sv,
        source_row_id
    from municipality_verdicts
),

-- A criterion that calls for judgement is not judged for any municipality: one row says why.
qualitative_assessments as (
    select
        criterion,
        document_id,
        as_of,
        kind,
        is_measurable,
        threshold,
        threshold_basis,
        summary,
        summary_sv,
        cast(null as varchar) as municipality_code,
        cast(null as varchar) as municipality,
        cast(null as varchar) as office_id,
        cast(null as bigint) as staffed,
        'not_computable' as verdict,
        reason as evidence,
        reason_sv as evidence_sv,
        source_row_id
    from criteria
    where not is_measurable
),

-- AF's own result: closed offices that some measurable criterion calls for. Which one is not said.
together (criterion, summary, summary_sv) as (
    values
    (
        'measurable_criteria_together',
        'An office that any of the measurable criteria calls for stays staffed',
        'Kontor som någon av de mätbara bedömningsgrunderna kräver finns kvar, fast bemannat'
    )
),

closed_offices as (
    select
        together.criterion,
        closed.document_id,
        documents.as_of,
        'general' as kind,
        true as is_measurable,
        cast(null as bigint) as threshold,
        cast(null as varchar) as threshold_basis,
        together.summary,
        together.summary_sv,
        offices.municipality_code,
        municipalities.municipality,
        closed.office_id,
        cast(null as bigint) as staffed,
        'not_met' as verdict,
        'Closed on ' || cast(closed.closes_on as varchar)
        || '; by AF''s own count the measurable criteria call for it; which one is not said.'
        || case
            when region.staffed_offices is null
                then ' FA-region ' || municipalities.fa_region || ' has no staffed office.'
            when municipality.staffed_offices is not null
                then ' Staffed in the municipality: ' || municipality.staffed_offices || '.'
            else ''
        end as evidence,
        'Avvecklat ' || cast(closed.closes_on as varchar)
        || '; enligt Arbetsförmedlingen krävs det av de mätbara bedömningsgrunderna; vilken anges inte.'
        || case
            when region.staffed_offices is null
                then ' FA-region ' || municipalities.fa_region || ' saknar fast bemannat kontor.'
            when municipality.staffed_offices is not null
                then ' Fast bemannat i kommunen: ' || municipality.staffed_offices || '.'
            else ''
        end as evidence_sv,
        closed.source_row_id
    from {{ ref('stg_closed_despite_need') }} as closed
    cross join together
    inner join {{ ref('stg_documents') }} as documents on closed.document_id = documents.document_id
    left join {{ ref('dim_office') }} as offices on closed.office_id = offices.office_id
    left join municipalities on offices.municipality_code = municipalities.municipality_code
    left join staffing as municipality
        on
            documents.as_of = municipality.as_of
            and municipality.scope = 'municipality'
            and municipalities.municipality_code = municipality.scope_code
    left join staffing as region
        on
            documents.as_of = region.as_of
            and region.scope = 'fa_region'
            and municipalities.fa_region_code = region.scope_code
),

assessments as (
    select * from municipality_assessments
    union all
    select * from qualitative_assessments
    union all
    select * from closed_offices
),

final as (
    select
        document_id || ':' || criterion
        || coalesce(':' || municipality_code, '') || coalesce(':' || office_id, '') as assessment_id,
        criterion,
        {{ label_of('criterion', 'criterion') }} as criterion_sv,
        document_id,
        as_of,
        kind,
        {{ label_of('criterion_kind', 'kind') }} as kind_sv,
        is_measurable,
        threshold,
        threshold_basis,
        {{ label_of('threshold_basis', 'threshold_basis') }} as threshold_basis_sv,
        municipality_code,
        municipality,
        office_id,
        staffed,
        verdict,
        {{ label_of('verdict', 'verdict') }} as verdict_sv,
        evidence,
        evidence_sv,
        summary,
        summary_sv,
        source_row_id
    from assessments
)

select * from final
