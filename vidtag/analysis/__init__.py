"""Pure functions on arrays: sampling, thresholds, smoothing, presence, screen time, metrics. No file, no clock."""
