"""Frames out of episodes, to be labelled or to serve as backgrounds, and a sheet of those that the training draws."""
