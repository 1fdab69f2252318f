-- Did the service centres that two documents speak of launch in the month that the first one said?
-- Skedde införandet vid de servicekontor som två dokument tar upp den månad som det första sade?
select
    locality,
    earlier_launch_month,
    earlier_is_latest_month,
    launch_month,
    slippage_months,
    outcome_sv
from kpi.launch_slippage
order by slippage_months, municipality_code
