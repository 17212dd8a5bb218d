"""Loads scripts and prepends what they may all use."""

import json
from pathlib import Path

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from shared.events import Event, to_fields

_HERE = Path(__file__).parent
_PRELUDE = (_HERE / "prelude.lua").read_text()
_FENCE = (_HERE / "fence.lua").read_text()


def load(redis: Redis, *paths: Path) -> AsyncScript:
    """The script in the last of `paths`, with `expect` and `emit` (see prelude.lua) and what is in
    the other ones before it."""
    return redis.register_script(_PRELUDE + "".join(path.read_text() for path in paths))


def load_fenced(redis: Redis, *paths: Path) -> AsyncScript:
    """The same behind the fence (see fence.lua): it runs only on a pending entry."""
    return redis.register_script(_PRELUDE + _FENCE + "".join(path.read_text() for path in paths))


def fields(event: Event) -> str:
    """An event as `emit` takes it: a JSON list of names and values."""
    return json.dumps([part for pair in to_fields(event).items() for part in pair])
