-- What did each document say of the service-centre rollout, and do the planned launches reach it?
-- Vad sade varje dokument om införandet vid servicekontor, och når de planerade införandena dit?
select
    measure_sv,
    target_on,
    published,
    document_id,
    tolerance_sv,
    stated,
    launches_by_rows,
    difference,
    is_reached
from kpi.rollout_slippage
order by target_on, measure_sv, published
