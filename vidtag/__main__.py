"""`python -m vidtag`."""

from vidtag.cli.main import main

main()
