with areas as (
    select * from {{ ref('int_registration_total') }}
    where scope in ('national', 'county')
),

names as (
    select distinct
        scope,
        scope_code,
        scope_name
    from {{ ref('int_municipality_scope') }}
),

-- What the file states, less what its parts give: as an interval, where a part is withheld.
residuals as (
    select
        *,
        stated_min - (municipalities_max + coalesce(rest_max, 0)) as residual_min,
        stated_max - (municipalities_min + coalesce(rest_min, 0)) as residual_max,
        {{ figure_status('registered', 'case when is_suppressed then registered_min end') }} as status
    from areas
),

final as (
    select
        residuals.report_month,
        residuals.visitor_group,
        {{ visitor_group_sv('residuals.visitor_group') }} as visitor_group_sv,
        residuals.scope,
        {{ label_of('scope', 'residuals.scope') }} as scope_sv,
        residuals.scope_code,
        names.scope_name,
        residuals.registered,
        residuals.registered_min,
        residuals.registered_max,
        residuals.status,
        {{ label_of('figure_status', 'residuals.status') }} as status_sv,
        residuals.is_suppressed,
        residuals.basis,
        {{ label_of('basis', 'residuals.basis') }} as basis_sv,
        residuals.stated_min,
        residuals.stated_max,
        residuals.municipalities,
        residuals.municipalities_min,
        residuals.municipalities_max,
        residuals.rest_min,
        residuals.rest_max,
        residuals.residual_min,
        residuals.residual_max,
        residuals.residual_min <= {{ var('registration_total_tolerance') }}
        and residuals.residual_max >= -{{ var('registration_total_tolerance') }} as is_within_tolerance,
        breaks.age_range,
        breaks.labour_force,
        {{ label_of('labour_force', 'breaks.labour_force') }} as labour_force_sv,
        residuals.layout,
        residuals.delivery_id
    from residuals
    inner join names on residuals.scope = names.scope and residuals.scope_code = names.scope_code
    inner join {{ ref('int_registration_break') }} as breaks
        on
            residuals.report_month >= breaks.first_month
            and (breaks.next_first_month is null or residuals.report_month < breaks.next_first_month)
)

select * from final
