"""The page that shows a season: tables and charts as plain HTML and SVG, and scripts that make them move."""
