"""Everything else on disk: model bundles, score files, reports, settings."""
