"""Made-up looks at a system."""

from dataclasses import replace
from typing import Any

from shared.topology import STREAMS
from varsel.watch.state import ConsumerLook, DeliveryLook, Group, Look, Server, StreamState

NOW = 1_795_491_090.0
SERVER = Server(
    memory=12_300_000,
    maxmemory=512_000_000,
    aof=True,
    aof_write_ok=True,
    aof_rewrite_ok=True,
    aof_rewriting=False,
    uptime=3600,
)


def consumer(name: str = "notify-1", *, pending: int = 0, idle: float = 0.5) -> ConsumerLook:
    return ConsumerLook(name, pending, idle)


def group(name: str, **overrides: Any) -> Group:
    well = Group(name, lag=0, read=100, pending=0, oldest=None, consumers=(consumer(f"{name}-1"),))
    return replace(well, **overrides)


def delivery(number: int = 1, **overrides: Any) -> DeliveryLook:
    """A delivery that is under way, and moves."""
    fields = {
        "id": f"a1b2c3d4e5f6.{number}",
        "article": "a1b2c3d4e5f6",
        "revision": number,
        "kind": "alert",
        "state": "sending",
        "cause": "",
        "started": "2026-11-24T03:00:00+00:00",
        "told_at": NOW,
        "audience": 1000,
        "handed_over": 400,
        "failed": 0,
        "suppressed": 0,
        "open": 600,
    }
    return DeliveryLook(**fields | overrides)


def well(at: float = NOW, *deliveries: DeliveryLook, **overrides: Any) -> Look:
    """Nothing is wrong."""
    streams = tuple(
        StreamState(s.name, length=100, dead=0, groups=tuple(group(name) for name in s.groups))
        for s in STREAMS
    )
    look = Look(at, streams, deliveries, deliveries_total=len(deliveries), redis=SERVER)
    return replace(look, **overrides)


def with_stream(look: Look, stream: str, **overrides: Any) -> Look:
    changed = (replace(s, **overrides) if s.name == stream else s for s in look.streams)
    return replace(look, streams=tuple(changed))


def with_group(look: Look, stream: str, name: str, **overrides: Any) -> Look:
    [found] = [s for s in look.streams if s.name == stream]
    groups = tuple(replace(g, **overrides) if g.name == name else g for g in found.groups)
    return with_stream(look, stream, groups=groups)
