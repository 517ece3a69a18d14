"""Drawing: icons and the bar under the picture."""
