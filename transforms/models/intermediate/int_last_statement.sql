select max(documents.published) as stated_on
from {{ ref('stg_stated_figures') }} as figures
inner join {{ ref('stg_documents') }} as documents on figures.document_id = documents.document_id
