"""When and in what order: the Dagster project. Thin: the work is done by `sources`, `expectations` and `transforms`."""
