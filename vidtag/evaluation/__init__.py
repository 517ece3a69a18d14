"""Measuring a model on labelled pictures and films, and setting its thresholds. Nothing is re-exported here."""
