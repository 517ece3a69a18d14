"""Learning: data sets, frames, networks, fitting, evaluation."""
