"""A season folder, tagged as a whole: jobs, workers, locks and the manifest."""
