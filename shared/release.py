"""Which release this is, and which data it writes and reads.

The data has a form, which is a number. A release that writes what those before it did not adds one
to it, and no more than one. It may write only what the release before it reads: so of two
neighbours each runs on what the other has written, and beside it. `make release` sets VERSION,
whoever changes what is written the others; see docs/decisions/0076.
"""

VERSION = "0.1.0"
"""As in pyproject.toml; a test compares."""
FORM = 1
"""Of the data that this release writes."""
OLDEST_FORM = 1
"""Of the data that this release still reads, and carries over."""
NEWEST_FORM = FORM + 1
"""Of the data that this release reads, by the rule that holds for whoever writes it."""
