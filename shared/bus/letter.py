"""A dead letter: an event that a service gave up on, kept with its cause."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeadLetter:
    stream: str
    """The stream that the event was on."""
    id: str
    """Entry id in the stream of dead letters."""
    group: str
    """The service that gave it up."""
    type: str
    subject: str
    cause: str
    attempts: int
    at: str
    """When it was given up."""
    fields: dict[str, str]
    """The event's own fields."""


def read_letter(stream: str, entry_id: str, raw: dict[bytes, bytes]) -> DeadLetter:
    """The dead letter that an entry of `stream`'s dead letters holds. Fields that are missing are
    empty, and bytes that are not UTF-8 are replaced: any entry can be read."""
    fields = {k.decode(errors="replace"): v.decode(errors="replace") for k, v in raw.items()}
    return DeadLetter(
        stream=stream,
        id=entry_id,
        group=fields.get("dead_group", ""),
        type=fields.get("type", ""),
        subject=fields.get("subject", ""),
        cause=fields.get("dead_cause", ""),
        attempts=int(fields.get("dead_attempts") or 0),
        at=fields.get("dead_at", ""),
        fields={k: v for k, v in fields.items() if not k.startswith("dead_")},
    )
