-- As for contacts: what is published of an area is made from open cells and from sums of whole pools alone. The layout
-- is the one that `int_registration_area` chose; a total that the file states is told as exactly as its parts are.
with areas as (
    select * from {{ ref('int_registration_area') }}
),

cells as (
    select * from {{ ref('int_registration_cell') }}
),

members as (
    select
        pools.report_month,
        pools.cell,
        pools.number,
        pools.pool,
        coalesce(
            cells.is_small and not cells.is_closed and not cells.is_hidden and cells.registered_min = pools.number
            and cells.registered_max = pools.number,
            false
        ) as is_unchanged
    from {{ ref('int_registration_pool') }} as pools
    left join cells on pools.report_month = cells.report_month and pools.cell = cells.cell
),

pools as (
    select
        pool,
        sum(number) as number,
        count(*) as cells,
        count(*) as low,
        count(*) * {{ small_count_max('registered') }} as high
    from members
    group by pool
    having bool_and(is_unchanged)
),

pooled_cells as (
    select
        cells.*,
        pools.pool
    from cells
    left join members on cells.report_month = members.report_month and cells.cell = members.cell
    left join pools on members.pool = pools.pool
),

county_regions as (
    select
        county_code,
        af_region
    from {{ ref('int_county_af_region') }}
),

-- A rest belongs to its county, if it has one, to that one's AF region, and to the nation.
cells_of_areas as (
    select
        pooled_cells.*,
        scopes.scope,
        scopes.scope_code
    from pooled_cells
    inner join {{ ref('int_municipality_scope') }} as scopes
        on pooled_cells.municipality_code = scopes.municipality_code
    where scopes.scope != 'municipality'
    union all
    select
        *,
        'national' as scope,
        'SE' as scope_code
    from pooled_cells
    where area = 'rest'
    union all
    select
        *,
        'county' as scope,
        county_code as scope_code
    from pooled_cells
    where area = 'rest' and county_code is not null
    union all
    select
        pooled_cells.*,
        'af_region' as scope,
        county_regions.af_region as scope_code
    from pooled_cells
    inner join county_regions on pooled_cells.county_code = county_regions.county_code
    where pooled_cells.area = 'rest'
),

parts as (
    select
        cells_of_areas.report_month,
        cells_of_areas.visitor_group,
        cells_of_areas.scope,
        cells_of_areas.scope_code,
        cells_of_areas.area,
        cells_of_areas.pool,
        bool_or(cells_of_areas.registered_min < cells_of_areas.registered_max) as is_withheld_by_source,
        bool_or(cells_of_areas.is_hidden) as has_hidden,
        count(*) as cells,
        sum(cells_of_areas.low) as low,
        sum(cells_of_areas.high) as high
    from cells_of_areas
    inner join areas
        on
            cells_of_areas.layout = areas.layout
            and cells_of_areas.report_month = areas.report_month
            and cells_of_areas.visitor_group = areas.visitor_group
            and cells_of_areas.scope = areas.scope
            and cells_of_areas.scope_code = areas.scope_code
    group by all
),

bounds as (
    select
        parts.*,
        case when parts.pool is null then parts.low else {{ part_of_pool_min('parts', 'pools') }} end as part_min,
        case when parts.pool is null then parts.high else {{ part_of_pool_max('parts', 'pools') }} end as part_max,
        case
            when parts.pool is null then (parts.low + parts.high) / 2
            else pools.number * parts.cells / pools.cells
        end as expected
    from parts
    left join pools on parts.pool = pools.pool
),

sums as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        sum(case when area = 'municipality' then part_min end) as municipalities_min,
        case when not bool_or(has_hidden) then sum(case when area = 'municipality' then part_max end) end
            as municipalities_max,
        sum(case when area = 'rest' then part_min end) as rest_min,
        sum(case when area = 'rest' then part_max end) as rest_max,
        sum(expected) as expected,
        sum(part_min) as parts_min,
        sum(part_max) as parts_max,
        bool_or(is_withheld_by_source) as is_withheld_by_source,
        bool_or(has_hidden) as has_hidden
    from bounds
    group by all
),

-- What the file states beyond its parts. Where the file withholds a part, a total that the parts can explain states
-- nothing beyond them. A small residual is a small count.
stated_residuals as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        stated_min - coalesce(municipalities_max, 0) - coalesce(rest_max, 0) as residual_min,
        stated_max - coalesce(municipalities_min, 0) - coalesce(rest_min, 0) as residual_max
    from areas
    where stated_min is not null
),

residuals as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        case
            when residual_min = residual_max and ({{ is_small('abs(residual_min)', 'registered') }})
                then -{{ small_count_max('registered') }}
            when residual_min < residual_max and residual_min <= 0 and residual_max >= 0 then 0
            else residual_min
        end as residual_min,
        case
            when residual_min = residual_max and ({{ is_small('abs(residual_min)', 'registered') }})
                then {{ small_count_max('registered') }}
            when residual_min < residual_max and residual_min <= 0 and residual_max >= 0 then 0
            else residual_max
        end as residual_max
    from stated_residuals
),

-- AF regions are whole counties, with what these state.
all_residuals as (
    select * from residuals
    union all
    select
        residuals.report_month,
        residuals.visitor_group,
        'af_region' as scope,
        county_regions.af_region as scope_code,
        residuals.layout,
        sum(residuals.residual_min) as residual_min,
        sum(residuals.residual_max) as residual_max
    from residuals
    inner join county_regions on residuals.scope = 'county' and residuals.scope_code = county_regions.county_code
    group by all
),

totals as (
    select
        areas.report_month,
        areas.visitor_group,
        areas.scope,
        areas.scope_code,
        areas.layout,
        areas.basis,
        areas.municipalities,
        sums.municipalities_min,
        sums.municipalities_max,
        sums.rest_min,
        sums.rest_max,
        areas.delivery_id,
        areas.stated_min is not null as is_stated,
        coalesce(sums.parts_min, 0) + coalesce(all_residuals.residual_min, 0) as registered_min,
        case
            when areas.registered_max is not null and not coalesce(sums.has_hidden, false)
                then coalesce(sums.parts_max, 0) + coalesce(all_residuals.residual_max, 0)
        end as registered_max,
        coalesce(sums.expected, 0) + coalesce((all_residuals.residual_min + all_residuals.residual_max) / 2, 0)
            as expected,
        coalesce(sums.is_withheld_by_source, false) and areas.stated_min is null as is_known_by_bounds_only,
        coalesce(sums.parts_min < sums.parts_max or sums.has_hidden, false)
        or coalesce(all_residuals.residual_min < all_residuals.residual_max, false) as is_suppressed
    from areas
    left join sums
        on
            areas.report_month = sums.report_month
            and areas.visitor_group = sums.visitor_group
            and areas.scope = sums.scope
            and areas.scope_code = sums.scope_code
    left join all_residuals
        on
            areas.report_month = all_residuals.report_month
            and areas.visitor_group = all_residuals.visitor_group
            and areas.scope = all_residuals.scope
            and areas.scope_code = all_residuals.scope_code
            and areas.layout = all_residuals.layout
),

final as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        layout,
        case when not is_suppressed then delivery_id end as delivery_id,
        basis,
        cast(case when is_stated then greatest(registered_min, 0) end as bigint) as stated_min,
        cast(case when is_stated then registered_max end as bigint) as stated_max,
        municipalities,
        cast(municipalities_min as bigint) as municipalities_min,
        cast(municipalities_max as bigint) as municipalities_max,
        cast(rest_min as bigint) as rest_min,
        cast(rest_max as bigint) as rest_max,
        cast(
            case
                when registered_max = 0 then 0
                when
                    registered_max is not null
                    and registered_min > {{ small_count_max('registered') }}
                    and (registered_min = registered_max or not is_known_by_bounds_only)
                    then {{ rounded('expected') }}
            end as bigint
        ) as registered,
        cast(greatest(registered_min, 0) as bigint) as registered_min,
        cast(registered_max as bigint) as registered_max,
        is_suppressed
    from totals
)

select * from final
