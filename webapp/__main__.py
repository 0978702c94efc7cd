"""`python -m webapp` is `dateline`."""

from webapp.cli import main

main()
