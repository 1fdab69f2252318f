with source as (
    select * from {{ source('raw', 'service_centre_rollout') }}
),

final as (
    select
        cast("Tabell" as bigint) as table_number,
        "Införande" as launch_printed,
        {{ launch_month('"Införande"') }} as launch_month,
        "Införande" ilike '%senast i %' as is_latest_month,
        case when "Införande" ilike '%inriktningsbeslut%' then 'direction' else 'decided' end as commitment,
        "Ort" as place,
        'ssc-' || {{ slug('"Ort"') }} as service_centre_id,
        "Status arbetsförmedlingskontor" as office_status_printed,
        -- The phrase without what is added to it: another place, a remark in parentheses, a day.
        {{ code_of(
            'office_status',
            "regexp_replace(\"Status arbetsförmedlingskontor\", ' (i [^,]+|[(].*[)]|[0-9]+/[0-9]+ [0-9]{4})', '')",
        ) }} as office_status,
        {{ extract('"Status arbetsförmedlingskontor"', '(kontor|finns) i ([^,)]+)', 2) }} as other_place,
        {{ day_month_year(extract('"Status arbetsförmedlingskontor"', '^Avvecklas (.*)')) }} as printed_closes_on,
        -- The one existing row whose remark says that its service centre opens first in 2021.
        "Status arbetsförmedlingskontor" ilike '%etableras först%' as is_new,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box
    from source
)

select * from final
