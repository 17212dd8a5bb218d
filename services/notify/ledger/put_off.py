"""Pure: when members come again whom the relay put off (a reply of 4xx).

Greylisting lets a mail in after some minutes, a full mailbox is emptied after hours. RFC 5321,
section 4.5.4.1: retries begin soon, then at least 30 minutes lie between them; see also GIVEN_UP in
deliver_chunk.py. A relay that is down is no such thing: it is tried every minute.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MINUTE, _HOUR = 60.0, 3600.0
PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR)
LONGEST = 4 * _HOUR
_SPREAD = 0.2
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PutOff:
    """When those of a chunk come again who were put off."""

    passes: int = 0
    """How often they were."""
    due: datetime = _NEVER

    def again(self, now: datetime, chance: float) -> "PutOff":
        """After they were put off once more; `chance` is from 0 to 1."""
        seconds = pause(self.passes + 1, chance)
        return PutOff(self.passes + 1, now + timedelta(seconds=seconds))


def pause(passes: int, chance: float) -> float:
    """Seconds until those come again who were put off so often. `chance`, from 0 to 1, keeps the
    chunks of a delivery from coming all at once: up to a tenth less or more."""
    base = PAUSES[passes - 1] if passes <= len(PAUSES) else LONGEST
    return base * (1 + _SPREAD * (chance - 0.5))
