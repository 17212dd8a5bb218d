"""Pure: when members whom the relay put off come again (a reply of 4xx).

Greylisting lets a mail in after some minutes, a full mailbox is emptied after hours. RFC 5321,
section 4.5.4.1: retries begin soon, then at least 30 minutes lie between them; see also GIVEN_UP in
deliver_chunk.py. A relay that is down puts nobody off: see relay/standing.py.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MINUTE, _HOUR = 60.0, 3600.0
"""Seconds."""
PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR)
"""Seconds after the first time, the second, and so on; later it is LONGEST_SECONDS."""
LONGEST_SECONDS = 4 * _HOUR
_SPREAD = 0.2
"""Between the shortest and the longest pause, as a part of it."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PutOff:
    """When the members of a chunk who were put off come again."""

    passes: int = 0
    """How often they were put off."""
    due: datetime = _NEVER

    def again(self, now: datetime, chance: float) -> "PutOff":
        """What it is after they were put off once more, at `now`; `chance` is from 0 to 1."""
        seconds = pause(self.passes + 1, chance)
        return PutOff(self.passes + 1, now + timedelta(seconds=seconds))


def pause(passes: int, chance: float) -> float:
    """Seconds until members who were put off `passes` times come again. `chance`, from 0 to 1,
    makes it up to a tenth less or more, so that a delivery's chunks do not come all at once."""
    base = PAUSES[passes - 1] if passes <= len(PAUSES) else LONGEST_SECONDS
    return base * (1 + _SPREAD * (chance - 0.5))
