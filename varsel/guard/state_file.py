"""The guard's memory on disk."""

from pathlib import Path

from pydantic import ValidationError

from shared import durable_file, log
from varsel.guard.sight import Memory

_NAME = "memory.json"


def read(folder: Path) -> Memory:
    """What was kept; nothing if nothing was, or it cannot be read: then what has rung rings once
    more. OSError if the folder cannot be used."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _NAME
    if not path.exists():
        return Memory()
    try:
        return Memory.model_validate_json(path.read_bytes())
    except ValidationError:
        log.get("guard").error("guard_memory_unreadable")
        return Memory()


def write(folder: Path, memory: Memory) -> None:
    """Keep it. OSError if the disk does not take it."""
    durable_file.write(folder / _NAME, memory.model_dump_json().encode(), mode=0o600)
