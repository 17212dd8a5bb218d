"""Crash-safe streams on Redis: what all services build on. Start reading at bus.py."""

from shared.bus.bus import Bus, connect
from shared.bus.entry import Effects, Entry, Handler, Op, Result, Surroundings
from shared.bus.timing import Timing

__all__ = [
    "Bus", "Effects", "Entry", "Handler", "Op", "Result", "Surroundings", "Timing", "connect",
]  # fmt: skip
