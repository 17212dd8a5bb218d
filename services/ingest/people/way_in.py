"""What lets a person in: a passkey of theirs, or an account that they have elsewhere."""

from dataclasses import dataclass, field

from services.ingest.audit.entries import TrailAction


@dataclass(frozen=True)
class WayIn:
    """One that is to be somebody's, as it will be kept."""

    keys: str
    """The hash in Redis that has all of its kind."""
    id: str
    record: str = field(repr=False)
    action: TrailAction
    """For the audit trail."""
