"""Pure: what the relay's reply to a letter comes to, and when the letter is tried again.

A letter is one mail, and nobody else's mail tells whether the relay refuses us or its reader. So a
refusal that may be either is tried again for a while. A relay's own trouble never ends a letter;
its time does (`Kind.life`).
"""

from enum import Enum
from typing import NamedTuple

from services.notify.relay.replies import TRIES, Meaning, Reply


class Became(Enum):
    """What became of a try."""

    SENT = "sent"
    AGAIN = "again"
    """It is tried again after a pause."""
    REFUSED = "refused"
    """The relay never takes mail for this address, or never this mail: it is given up."""


class LetterVerdict(NamedTuple):
    became: Became
    pause_seconds: float = 0.0
    """Until the next try."""


FIRST_PAUSE_SECONDS = 1.0
"""Doubled with each try."""
LONGEST_RELAY_PAUSE_SECONDS = 60.0
"""If the relay, or our way to it, is in trouble."""
LONGEST_PAUSE_SECONDS = 300.0
"""If it told this letter to come later: greylisting takes minutes."""


def judge(reply: Reply | None, *, tries: int, chance: float) -> LetterVerdict:
    """The verdict on the try after `tries` others; `reply` is none if the relay was not asked.
    `chance`, from 0 to 1, spreads pauses by a fifth."""
    meant = reply.meaning if reply else Meaning.RELAY_TROUBLE
    if meant is Meaning.HANDED_OVER:
        return LetterVerdict(Became.SENT)
    if meant is Meaning.FAILED:
        return LetterVerdict(Became.REFUSED)
    if reply and reply.is_about_a_member and reply.refuses and tries + 1 >= TRIES:
        return LetterVerdict(Became.REFUSED)
    waits_for_relay = meant in (Meaning.RELAY_TROUBLE, Meaning.SESSION)
    longest = LONGEST_RELAY_PAUSE_SECONDS if waits_for_relay else LONGEST_PAUSE_SECONDS
    pause = min(FIRST_PAUSE_SECONDS * 2.0 ** min(tries, 20), longest)
    return LetterVerdict(Became.AGAIN, pause * (0.8 + 0.2 * chance))
