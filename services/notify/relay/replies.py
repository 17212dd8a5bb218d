"""Pure: what a relay's reply means, by its phase, code and enhanced code.

After RFC 5321 section 4.2 and the registry of enhanced codes (RFC 3463, RFC 5248). The rules are
read from the top; the first that fits decides. A reply that speaks of the address blames the
member; one that speaks of us, of our mail or of the relay blames nobody: the mail waits.
"""

import enum
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Literal

Phase = Literal["connect", "auth", "mail", "rcpt", "data", "dot"]
"""The step that was answered; `connect` ends with STARTTLS, `data` with the final dot. `dot`: the
whole mail was sent and no answer came, so the relay may have taken it."""

TRIES = 5
"""Refusals of a member, while the relay takes others, before the member has failed."""
PUT_OFF = 0
"""The count that is kept of a member who was told to come later and was never refused; see
`tried`."""
NO_ANSWER = 0
"""Stands for a code if the connection broke or the relay was silent for too long."""

Trouble = Literal[
    "no connection",
    "host is not found",
    "connection lost",
    "no answer",
    "speaks no SMTP",
    "TLS fails",
    "certificate has expired",
    "certificate is for another name",
    "certificate is not trusted",
    "offers no STARTTLS",
    "offers no AUTH",
    "offers no AUTH that we know",
]
"""What went wrong if the relay said nothing that could be quoted."""
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?!\S)")


@dataclass(frozen=True)
class Reply:
    """The relay's word on a mail, or on our connection."""

    phase: Phase
    code: int
    enhanced: str = ""
    """As `5.1.1`; empty if the relay gave none."""
    text: str = field(default="", repr=False)
    """The relay's own words. They may quote the address: they stay sealed."""
    trouble: Trouble = "no answer"
    """What went wrong, if the code is NO_ANSWER."""

    @property
    def is_about_mail(self) -> bool:
        """Whether it came after the relay let us in."""
        return self.phase not in ("connect", "auth")

    @property
    def is_about_a_member(self) -> bool:
        """Whether it came after the relay knew for whom the mail is."""
        return self.phase in ("rcpt", "data", "dot")

    @property
    def is_about_size(self) -> bool:
        """Whether it speaks of how large a mail or a mailbox is, which is no trouble of the relay
        (RFC 5321, section 4.2.3; RFC 3463, sections 3.3 and 3.4)."""
        return self.code == 552 or self.enhanced in ("5.2.2", "5.2.3", "5.3.4")

    @property
    def is_about_our_size(self) -> bool:
        """Whether it speaks of how large our mail is. 552 to a recipient alone speaks of a mailbox
        that is full."""
        if self.enhanced in ("", "5.0.0"):
            return self.code == 552 and self.phase in ("mail", "data")
        return self.is_about_size and self.enhanced != "5.2.2"

    @property
    def refuses(self) -> bool:
        """Whether trying again and again is of no use, or would give the member many copies."""
        return self.code >= 500 or self.phase == "dot"

    @cached_property
    def meaning(self) -> "Meaning":
        """What it says by itself; see `verdict` for what it comes to for the member."""
        return rule(self).meaning

    @property
    def short(self) -> str:
        """The codes alone, as `5.1.1 550`; what went wrong if there are none."""
        return f"{self.enhanced} {self.code}".strip() if self.code else self.trouble

    @property
    def words(self) -> str:
        """What it comes to if it is the relay's trouble, or ours: no name, and no relay's words. As
        it stands in health, in a receipt and in the log; Norwegian is in varsel/watch/text.py."""
        if not self.code:
            return self.trouble
        if self.phase == "auth":
            return f"refuses the log-in ({self.short})"
        return f"{self.phase} {self.short}"


def reply_of(phase: Phase, code: int, text: str) -> Reply:
    """The reply without surrogates, by which aiosmtplib decodes what is no UTF-8."""
    text = text.encode(errors="surrogateescape").decode(errors="replace")
    enhanced = _ENHANCED.match(text)
    return Reply(phase, code, enhanced[0] if enhanced else "", text[:500])


class Meaning(enum.Enum):
    """What a reply says of the mail."""

    HANDED_OVER = "handed_over"
    """The relay has taken it."""
    FAILED = "failed"
    """This address: the relay will never take mail for it."""
    DEFERRED = "deferred"
    """This mail: the same again later."""
    FAILED_IF_OTHERS_TAKEN = "failed_if_others_taken"
    """This address, or us: the reply does not say which. It fails after TRIES such refusals while
    the relay takes others, or once it is overdue. See `verdict`."""
    SESSION = "session"
    """This connection, or how much we send at present: another connection may do, or a pause."""
    RELAY_TROUBLE = "relay_trouble"
    """The relay, or our standing with it: nobody's mail gets through; wait and raise the alarm."""


@dataclass(frozen=True)
class Rule:
    """A row of the table: replies that fit all three patterns have this meaning."""

    phases: str
    """Separated by spaces; `*` is every phase."""
    code: str
    enhanced: str
    meaning: Meaning
    why: str
    """For people who read the table."""
    by_words: bool = False
    """Whether the relay's words must speak of the session as well: see `_SESSION_WORDS`."""


TABLE = (
    Rule("data", "2??", "*", Meaning.HANDED_OVER, "the relay has taken the mail"),
    Rule("*", "000", "*", Meaning.RELAY_TROUBLE, "no connection, or no answer in time"),
    Rule("connect auth", "*", "*", Meaning.RELAY_TROUBLE, "not a word about any member was said"),
    Rule("*", "421", "*", Meaning.SESSION, "the relay closes the connection"),
    Rule("mail", "4??", "*", Meaning.SESSION, "the relay does not know yet for whom the mail is"),
    Rule("rcpt data", "432", "*", Meaning.SESSION, "too many at a time (Exchange Online)"),
    Rule("rcpt data", "454", "*", Meaning.SESSION, "we send too fast (Amazon SES), or must log in"),
    Rule("rcpt data", "4??", "4.3.[125]", Meaning.SESSION, "the relay is full, or closed for now"),
    Rule("rcpt data", "4??", "4.4.[25]", Meaning.SESSION, "the line to the relay, or its load"),
    Rule("rcpt data", "4??", "4.5.*", Meaning.SESSION, "too much for one session"),
    Rule("rcpt data", "4??", "4.7.0", Meaning.SESSION, "policy without a detail: how much we send"),
    Rule("rcpt data", "4??", "4.7.???", Meaning.SESSION, "the same, by Exchange Online and Gmail"),
    Rule("rcpt data", "4??", "4.2.1", Meaning.SESSION, "Gmail's relay, in words", by_words=True),
    Rule("rcpt data", "4??", "4.[12].*", Meaning.DEFERRED, "the address, or its mailbox"),
    Rule("rcpt data", "4??", "*", Meaning.SESSION, "what only the words tell", by_words=True),
    Rule("*", "4??", "*", Meaning.DEFERRED, "greylisting, a full mailbox, a busy relay"),
    Rule("mail", "5??", "*", Meaning.RELAY_TROUBLE, "the relay refuses us as a sender"),
    Rule("rcpt data", "5??", "5.1.[1236]", Meaning.FAILED, "there is no such address"),
    Rule("rcpt data", "5??", "5.1.10", Meaning.FAILED, "the domain takes no mail (RFC 7505)"),
    Rule("rcpt data", "5??", "5.2.1", Meaning.FAILED, "the mailbox is closed"),
    Rule("*", "5??", "5.1.[78]", Meaning.RELAY_TROUBLE, "our address as the sender"),
    Rule("*", "50[0-4]", "*", Meaning.RELAY_TROUBLE, "the relay does not follow our commands"),
    Rule("*", "521", "*", Meaning.RELAY_TROUBLE, "the relay takes no mail at all (RFC 7504)"),
    Rule("*", "53[058]", "*", Meaning.RELAY_TROUBLE, "we must log in, or by TLS (RFC 4954)"),
    Rule("*", "5??", "5.7.*", Meaning.RELAY_TROUBLE, "policy: our reputation, our signature"),
    Rule("*", "5??", "5.[3456].*", Meaning.RELAY_TROUBLE, "the relay cannot carry what we send"),
    Rule("rcpt data", "5??", "5.[12].*", Meaning.FAILED_IF_OTHERS_TAKEN, "the mailbox, unclearly"),
    Rule("*", "554", "*", Meaning.RELAY_TROUBLE, "policy, without a detail"),
    Rule("rcpt", "5??", "*", Meaning.FAILED_IF_OTHERS_TAKEN, "no such user, or no relaying for us"),
    Rule("*", "*", "*", Meaning.RELAY_TROUBLE, "a refusal of the content, or no SMTP at all"),
)

_SESSION_WORDS = re.compile(
    r"(?!.*(?:gr[ea]y-?list|mailbox|inbox|quota))"
    r".*(?:(?:per|in (?:this|the|one|a)|this) (?:\w+ )?(?:session|connection)\b"
    r"|too many (?:\w+ )?(?:messages|e-?mails|recipients|transactions|connections|sessions|errors)"
    r"|(?:relay|sending|rate) limit|(?:sending|message|connection|mail) rate\b|rate[ -]limit"
    r"|throttl|\b(?:server|system|service)(?: is)?(?: too)? busy)",
    re.IGNORECASE | re.DOTALL,
)
"""How relays say that it is the session, or how much we send, if their codes do not tell: sendmail,
Exim, Gmail's relay, SendGrid."""


def rule(reply: Reply) -> Rule:
    """The rule of the table that decides."""
    speaks_of_session = reply.code // 100 == 4 and _SESSION_WORDS.match(reply.text) is not None
    return _rule(reply.phase, reply.code, reply.enhanced, speaks_of_session)


@lru_cache(maxsize=1024)
def _rule(phase: Phase, code: int, enhanced: str, speaks_of_session: bool) -> Rule:
    return next(
        rule
        for rule in TABLE
        if (rule.phases == "*" or phase in rule.phases.split())
        and fnmatchcase(f"{code:03}", rule.code)
        and fnmatchcase(enhanced, rule.enhanced)
        and (speaks_of_session or not rule.by_words)
    )


def verdict(reply: Reply, *, others_taken: bool, tries: int | None, overdue: bool) -> Meaning:
    """What the reply comes to for the member: FAILED, DEFERRED, RELAY_TROUBLE or HANDED_OVER.

    The relay's refusal is laid to a member only if it takes mail for others: `others_taken`.
    `tries` is what `tried` gave for the member's reply before this one, none if there was none.
    `overdue` mails have been put off for as long as mails are (RFC 5321, section 4.5.4.1).
    """
    meant = reply.meaning
    if meant is Meaning.FAILED_IF_OTHERS_TAKEN:
        meant = Meaning.FAILED if overdue else Meaning.RELAY_TROUBLE
    if meant is Meaning.SESSION:
        later = others_taken and reply.is_about_a_member
        return Meaning.DEFERRED if later else Meaning.RELAY_TROUBLE
    if meant is Meaning.RELAY_TROUBLE and others_taken and reply.is_about_a_member:
        meant = Meaning.DEFERRED
        if reply.refuses and (tries or 0) + 1 >= TRIES:
            return Meaning.FAILED
    if meant is Meaning.DEFERRED and overdue and tries is not None:
        return Meaning.FAILED
    return meant


def tried(reply: Reply, *, others_taken: bool, tries: int | None) -> int | None:
    """The tries of a member after a reply that left the member open, to be kept for the next one.

    None: nothing was said about this member. PUT_OFF: the relay said to come again later. From 1:
    how often it refused the member while it took others.
    """
    if not reply.is_about_a_member:
        return tries
    if others_taken and reply.refuses:
        return (tries or 0) + 1
    return tries or PUT_OFF if reply.meaning is Meaning.DEFERRED else tries
