"""What a service is to the process that runs it: HTTP to serve, streams to consume, and loops."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import Metric
from starlette.types import ASGIApp

from shared.bus import Bus


async def _nothing() -> list[Metric]:
    return []


@dataclass(frozen=True)
class Service:
    """One service, wired. `varsel up` runs three of them in one process; compose, one in each."""

    name: str
    http: ASGIApp
    prefixes: tuple[str, ...]
    """Paths whose requests are this service's; the longest prefix of all services wins."""
    bus: Bus
    cookies: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By prefix, the names of the cookies that it sets there, without `__Host-`: its requests bring
    no others, and below the other prefixes none."""
    open: tuple[Callable[[], Awaitable[None]], ...] = ()
    """Called in order before the bus starts."""
    loops: tuple[Callable[[], Awaitable[None]], ...] = ()
    """Run until cancelled, from when the port is bound."""
    ending: tuple[Callable[[], None], ...] = ()
    """Called once a stop is asked for, before requests that are open are waited for."""
    close: tuple[Callable[[], Awaitable[None]], ...] = ()
    """Called at the end, after the loops and the bus."""
    folders: Mapping[str, Path] = field(default_factory=dict)
    """Folders whose disk must not fill, by what is written there; see shared/disk.py."""
    problems: Callable[[], list[str]] = field(default=list)
    """What is wrong now, in a few words each; empty when ready. The bus's own are asked apart."""
    warnings: Callable[[], list[str]] = field(default=list)
    """What somebody should see to, and stops nothing; in a few words each."""
    closed_while_held: bool = False
    """Whether nobody is let in while it is held: an old copy knows people who were let go since."""
    measure: Callable[[], Awaitable[list[Metric]]] = _nothing
    """Gauges that are read for each `/metrics`; the bus's own are asked apart."""
