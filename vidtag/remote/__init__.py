"""Films and results that do not lie in folders but at addresses, such as `s3://bucket/season`."""
