"""Which streams there are, who writes each, and which groups read it.

Every service creates all of it at its start, with each group at `0`: an event that was published
before its consumer's first start is read like any other (promise G4). shared/bus/users.acl lets
each service do what this table says and no more; a test compares.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stream:
    name: str
    writer: str
    """The service that adds to it, and that trims it: its readers may not shorten it. Empty for
    dead letters: the service that gave up adds one, and they are never trimmed."""
    groups: tuple[str, ...]
    """The services that read it, each by a group of its name."""


STREAMS = (
    Stream("articles", writer="ingest", groups=("render",)),
    Stream("pages", writer="render", groups=("notify", "ingest")),
    Stream("chunks", writer="notify", groups=("notify",)),
    Stream("deliveries", writer="notify", groups=("ingest",)),
)
"""The streams of events. Each has a stream of dead letters beside it, which ingest reads too, so
that a receipt can say what was given up."""

DEAD = ".dead"
"""A stream's dead letters are in the stream of its name and this ending."""

DEAD_LETTER_STREAMS = tuple(Stream(s.name + DEAD, writer="", groups=("ingest",)) for s in STREAMS)

TOPOLOGY: dict[str, Stream] = {s.name: s for s in (*STREAMS, *DEAD_LETTER_STREAMS)}
