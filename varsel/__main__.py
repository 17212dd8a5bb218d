"""`python -m varsel`: the command, also if the package was not installed."""

import signal
import sys

# The first process of a container is not ended by a signal that it does not handle, and until all
# is imported nothing else would: a stop right after a start would take the whole grace time.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

from varsel.cli import main  # noqa: E402

main()
