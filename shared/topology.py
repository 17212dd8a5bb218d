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
    watchers: tuple[str, ...] = ()
    """Other services that may look at how far its groups are. The writer may do so as well."""


STREAMS = (
    Stream("articles", writer="ingest", groups=("render",)),
    Stream("pages", writer="render", groups=("notify", "ingest")),
    # Nobody else could tell that notify leaves a delivery undone.
    Stream("chunks", writer="notify", groups=("notify",), watchers=("ingest",)),
    Stream("deliveries", writer="notify", groups=("ingest",)),
    Stream("control", writer="ingest", groups=("notify",)),
    Stream("reference", writer="ingest", groups=("notify", "render")),
)
"""The streams of events. Each has a stream of dead letters beside it, which ingest reads too, so
that a receipt can say what was given up."""

DEAD = ".dead"
"""A stream's dead letters are in the stream of its name and this ending."""

DEAD_LETTER_STREAMS = tuple(Stream(s.name + DEAD, writer="", groups=("ingest",)) for s in STREAMS)

TOPOLOGY: dict[str, Stream] = {s.name: s for s in (*STREAMS, *DEAD_LETTER_STREAMS)}


def seen_by(service: str) -> list[str]:
    """The streams whose groups `service` may look at."""
    return [
        stream.name
        for stream in TOPOLOGY.values()
        if service in (stream.writer, *stream.groups, *stream.watchers)
    ]
