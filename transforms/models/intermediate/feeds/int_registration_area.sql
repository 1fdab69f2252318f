with registrations as (
    select * from {{ ref('int_registration') }}
),

municipality_scopes as (
    select
        municipality_code,
        scope,
        scope_code
    from {{ ref('int_municipality_scope') }}
),

county_regions as (
    select
        county_code,
        af_region
    from {{ ref('int_county_af_region') }}
),

counties_of_region as (
    select
        af_region,
        count(*) as counties
    from county_regions
    group by af_region
),

-- Every row under each area that it is a part or the total of. A rest belongs to its county and to the nation.
parts as (
    select
        registrations.*,
        'national' as scope,
        'SE' as scope_code
    from registrations
    where registrations.area != 'county'
    union all
    select
        registrations.*,
        'county' as scope,
        registrations.county_code as scope_code
    from registrations
    where registrations.area != 'national' and registrations.county_code is not null
    union all
    select
        registrations.*,
        municipality_scopes.scope,
        municipality_scopes.scope_code
    from registrations
    inner join municipality_scopes on registrations.municipality_code = municipality_scopes.municipality_code
    where municipality_scopes.scope = 'fa_region'
),

sums as (
    select
        layout,
        layout_rank,
        is_whole_month,
        report_month,
        visitor_group,
        scope,
        scope_code,
        sum(case when area in ('national', 'county') then registered_min end) as stated_min,
        sum(case when area in ('national', 'county') then registered_max end) as stated_max,
        sum(case when area = 'municipality' then registered_min end) as municipalities_min,
        sum(case when area = 'municipality' then registered_max end) as municipalities_max,
        sum(case when area = 'rest' then registered_min end) as rest_min,
        sum(case when area = 'rest' then registered_max end) as rest_max,
        bool_or(is_suppressed) as is_any_suppressed,
        bool_or(is_suppressed) filter (where area in ('national', 'county')) as is_total_suppressed,
        max_by(delivery_id, delivery_number) as delivery_id,
        max(delivery_number) as delivery_number
    from parts
    group by all
),

-- A plain table has no row for a group that nobody in a municipality belongs to. So the municipalities that it holds
-- are those with a row of any group in the month; a file of a whole month holds them all.
held as (
    select
        registrations.layout,
        registrations.report_month,
        municipality_scopes.scope,
        municipality_scopes.scope_code,
        count(distinct registrations.municipality_code) as municipalities
    from registrations
    inner join municipality_scopes on registrations.municipality_code = municipality_scopes.municipality_code
    group by all
),

areas as (
    select
        scope,
        scope_code,
        count(*) as all_municipalities
    from municipality_scopes
    group by all
),

completed as (
    select
        sums.*,
        coalesce(held.municipalities, 0) as municipalities,
        sums.municipalities_min is not null
        and (sums.is_whole_month or coalesce(held.municipalities, 0) = areas.all_municipalities) as is_whole
    from sums
    inner join areas on sums.scope = areas.scope and sums.scope_code = areas.scope_code
    left join held
        on
            sums.layout = held.layout
            and sums.report_month = held.report_month
            and sums.scope = held.scope
            and sums.scope_code = held.scope_code
),

-- The total that is stated counts before the sum of the parts. Parts of which some are missing give a lower bound only.
totals as (
    select
        *,
        case when stated_min is not null then 'stated' else 'rows' end as basis,
        coalesce(stated_min, coalesce(municipalities_min, 0) + coalesce(rest_min, 0)) as registered_min,
        coalesce(stated_max, case when is_whole then municipalities_max + coalesce(rest_max, 0) end)
            as registered_max,
        coalesce(is_total_suppressed, is_any_suppressed) as is_suppressed
    from completed
),

-- AF regions are whole counties, rests included.
region_totals as (
    select
        totals.layout,
        totals.layout_rank,
        totals.is_whole_month,
        totals.report_month,
        totals.visitor_group,
        'af_region' as scope,
        county_regions.af_region as scope_code,
        sum(totals.municipalities_min) as municipalities_min,
        sum(totals.municipalities_max) as municipalities_max,
        sum(totals.rest_min) as rest_min,
        sum(totals.rest_max) as rest_max,
        sum(totals.municipalities) as municipalities,
        max_by(totals.delivery_id, totals.delivery_number) as delivery_id,
        sum(totals.registered_min) as registered_min,
        case
            when
                count(totals.registered_max) = max(counties_of_region.counties)
                or (bool_or(totals.is_whole_month) and count(totals.registered_max) = count(*))
                then sum(totals.registered_max)
        end as registered_max,
        bool_or(totals.is_suppressed) as is_suppressed
    from totals
    inner join county_regions on totals.scope = 'county' and totals.scope_code = county_regions.county_code
    inner join counties_of_region on county_regions.af_region = counties_of_region.af_region
    group by all
),

every_total as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        layout_rank,
        delivery_id,
        basis,
        stated_min,
        stated_max,
        municipalities,
        municipalities_min,
        municipalities_max,
        rest_min,
        rest_max,
        registered_min,
        registered_max,
        is_suppressed
    from totals
    union all
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        layout_rank,
        delivery_id,
        'rows' as basis,
        cast(null as bigint) as stated_min,
        cast(null as bigint) as stated_max,
        municipalities,
        municipalities_min,
        municipalities_max,
        rest_min,
        rest_max,
        registered_min,
        registered_max,
        is_suppressed
    from region_totals
),

-- One layout gives the whole of an area: sums never mix them. The first one that knows the area counts.
ranked as (
    select
        *,
        row_number() over (
            partition by report_month, visitor_group, scope, scope_code
            order by registered_max is null, layout_rank
        ) as rank_of_layout
    from every_total
),

final as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        delivery_id,
        basis,
        cast(stated_min as bigint) as stated_min,
        cast(stated_max as bigint) as stated_max,
        cast(municipalities as bigint) as municipalities,
        cast(municipalities_min as bigint) as municipalities_min,
        cast(municipalities_max as bigint) as municipalities_max,
        cast(rest_min as bigint) as rest_min,
        cast(rest_max as bigint) as rest_max,
        cast(case when registered_min = registered_max then registered_min end as bigint) as registered,
        cast(registered_min as bigint) as registered_min,
        cast(registered_max as bigint) as registered_max,
        is_suppressed
    from ranked
    where rank_of_layout = 1
)

select * from final
