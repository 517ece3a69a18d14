"""Many episodes together: what reports, the catalogue and the batch say about a season."""
