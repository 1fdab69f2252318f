with gaps as (
    select
        place_kind,
        municipality_code,
        as_of,
        is_closed,
        is_open,
        gap_days_min,
        -- While the gap is open, its days so far are known.
        coalesce(gap_days_max, gap_days_min) as gap_days_max
    from {{ ref('int_presence_gap') }}
    where is_promised
),

scopes as (
    select
        municipality_code,
        scope,
        scope_code,
        scope_name
    from {{ ref('int_municipality_scope') }}
),

offices as (
    select
        gaps.as_of,
        scopes.scope,
        scopes.scope_code,
        scopes.scope_name,
        count(*) as planned,
        count(case when gaps.is_closed then 1 end) as closed_offices,
        count(case when gaps.is_open then 1 end) as open_gaps_min,
        count(case when coalesce(gaps.is_open, true) then 1 end) as open_gaps_max,
        avg(case when gaps.is_closed then gaps.gap_days_min end) as gap_days_mean_min,
        avg(case when gaps.is_closed then gaps.gap_days_max end) as gap_days_mean_max,
        {{ median('case when gaps.is_closed then gaps.gap_days_min end') }} as gap_days_median_min,
        {{ median('case when gaps.is_closed then gaps.gap_days_max end') }} as gap_days_median_max
    from gaps
    inner join scopes on gaps.municipality_code = scopes.municipality_code
    where gaps.place_kind = 'office'
    group by gaps.as_of, scopes.scope, scopes.scope_code, scopes.scope_name
),

municipalities as (
    select
        gaps.as_of,
        scopes.scope,
        scopes.scope_code,
        count(*) as municipalities,
        count(case when gaps.is_open or gaps.gap_days_min > 0 then 1 end) as municipalities_ever_in_gap_min,
        count(case when coalesce(gaps.is_open, true) or gaps.gap_days_max > 0 then 1 end)
            as municipalities_ever_in_gap_max
    from gaps
    inner join scopes on gaps.municipality_code = scopes.municipality_code
    where gaps.place_kind = 'municipality'
    group by gaps.as_of, scopes.scope, scopes.scope_code
),

final as (
    select
        offices.as_of,
        offices.scope,
        {{ label_of('scope', 'offices.scope') }} as scope_sv,
        offices.scope_code,
        offices.scope_name,
        offices.planned,
        offices.closed_offices,
        offices.open_gaps_min,
        offices.open_gaps_max,
        offices.gap_days_mean_min,
        offices.gap_days_mean_max,
        offices.gap_days_median_min,
        offices.gap_days_median_max,
        municipalities.municipalities,
        municipalities.municipalities_ever_in_gap_min,
        municipalities.municipalities_ever_in_gap_max
    from offices
    inner join municipalities
        on
            offices.as_of = municipalities.as_of
            and offices.scope = municipalities.scope
            and offices.scope_code = municipalities.scope_code
)

select * from final
