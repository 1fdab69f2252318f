with ranked as (
    select
        cells.*,
        row_number() over (
            partition by cells.report_month, cells.visitor_group, cells.municipality_code
            order by layouts.layout_rank
        ) as rank_of_layout
    from {{ ref('int_registration_cell') }} as cells
    inner join {{ ref('registration_layouts') }} as layouts on cells.layout = layouts.layout
    where cells.area = 'municipality' and not cells.is_hidden
),

-- Which delivery changed a withheld number is withheld too.
final as (
    select
        ranked.municipality_code,
        ranked.visitor_group,
        {{ visitor_group_sv('ranked.visitor_group') }} as visitor_group_sv,
        ranked.report_month,
        case when ranked.is_open then ranked.registered_min end as registered,
        ranked.low as registered_min,
        ranked.high as registered_max,
        case when ranked.is_open then 'value' else 'suppressed' end as status,
        {{ label_of('figure_status', "case when ranked.is_open then 'value' else 'suppressed' end") }} as status_sv,
        not ranked.is_open as is_suppressed,
        ranked.is_held,
        breaks.age_range,
        breaks.labour_force,
        {{ label_of('labour_force', 'breaks.labour_force') }} as labour_force_sv,
        ranked.layout,
        case when ranked.is_open then ranked.delivery_id end as delivery_id
    from ranked
    inner join {{ ref('int_registration_break') }} as breaks
        on
            ranked.report_month >= breaks.first_month
            and (breaks.next_first_month is null or ranked.report_month < breaks.next_first_month)
    where ranked.rank_of_layout = 1
)

select * from final
