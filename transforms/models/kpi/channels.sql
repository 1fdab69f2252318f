with final as (
    {{ stated_figures_of('channels') }}
)

select * from final
