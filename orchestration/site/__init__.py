"""The report: a static site of one release, for people who would rather look than read.

Belongs here: pages, charts, the map, and how they look. Does not belong here: any figure or rule that the warehouse
does not hold; a page shows what the release's own DuckDB file says. When a release is made, and what else it holds, is
`orchestration.release`.

`build` writes it; `pages` says which pages there are; `templates` and `assets` are how they look and behave.
"""
