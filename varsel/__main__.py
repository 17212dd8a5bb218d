"""`python -m varsel`: the command, also if the package was not installed."""

from varsel.cli import main

main()
