"""What a relay's reply means: (phase, code, enhanced code) → action.

After RFC 5321 section 4.2 and the registry of enhanced codes (RFC 3463, RFC 5248). The rows are
read from the top; the first that fits decides. A reply that speaks of the address blames the
member; one that speaks of us, of our mail or of the relay blames nobody: the mail waits.
"""

import enum
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Phase = Literal["connect", "auth", "mail", "rcpt", "data"]
"""The step that was answered; `connect` ends with STARTTLS, `data` with the final dot."""

NO_ANSWER = 0
"""Code where the connection broke or the relay was silent for too long."""


@dataclass(frozen=True)
class Reply:
    phase: Phase
    code: int
    enhanced: str = ""
    """As `5.1.1`; empty where the relay gave none."""
    text: str = field(default="", repr=False)
    """The relay's own words. They may quote the address: they stay sealed."""

    @property
    def short(self) -> str:
        """The codes alone, as `5.1.1 550`."""
        return f"{self.enhanced} {self.code:03}".strip()


class Action(enum.Enum):
    HANDED_OVER = "handed_over"
    FAILED = "failed"
    """This address: the relay will never take mail for it."""
    DEFERRED = "deferred"
    """This mail: the same again later."""
    RELAY_TROUBLE = "relay_trouble"
    """The relay, or our standing with it: nobody's mail gets through; wait and raise the alarm."""


@dataclass(frozen=True)
class Row:
    phases: str
    code: str
    enhanced: str
    action: Action
    why: str


TABLE = (
    Row("data", "2??", "*", Action.HANDED_OVER, "the relay has taken the mail"),
    Row("*", "000", "*", Action.RELAY_TROUBLE, "no connection, or no answer in time"),
    Row("*", "421", "*", Action.RELAY_TROUBLE, "the relay closes the connection"),
    Row("connect auth", "*", "*", Action.RELAY_TROUBLE, "not a word about any member was said"),
    Row("*", "4??", "*", Action.DEFERRED, "greylisting, a full mailbox, a busy relay"),
    Row("mail", "5??", "*", Action.RELAY_TROUBLE, "the relay refuses us as a sender"),
    Row("*", "5??", "5.7.*", Action.RELAY_TROUBLE, "policy: our reputation, our signature"),
    Row("*", "5??", "5.[356].*", Action.RELAY_TROUBLE, "the relay cannot carry what we send"),
    Row("rcpt data", "5??", "5.1.*", Action.FAILED, "there is no such address"),
    Row("rcpt data", "5??", "5.2.*", Action.FAILED, "the mailbox is closed or full"),
    Row("*", "554", "*", Action.RELAY_TROUBLE, "policy, without a detail"),
    Row("rcpt", "5??", "*", Action.FAILED, "the address is refused, without a detail"),
    Row("*", "*", "*", Action.RELAY_TROUBLE, "a refusal of the content, or no SMTP at all"),
)


def row(reply: Reply) -> Row:
    """The row of the table that decides."""
    return next(
        row
        for row in TABLE
        if (row.phases == "*" or reply.phase in row.phases.split())
        and fnmatchcase(f"{reply.code:03}", row.code)
        and fnmatchcase(reply.enhanced, row.enhanced)
    )


def action(reply: Reply) -> Action:
    return row(reply).action
