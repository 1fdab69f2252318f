with final as (
    select
        source_row_id,
        document_id,
        page,
        line_from,
        as_of,
        place_list,
        {{ label_of('place_list', 'place_list') }} as place_list_sv,
        subject,
        place,
        place_kind,
        {{ label_of('place_kind', 'place_kind') }} as place_kind_sv
    from {{ ref('stg_stated_places') }}
)

select * from final
