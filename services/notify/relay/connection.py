"""One connection to the relay, and the conversation on it.

opening.py opens it, secures it and logs in. If the relay offers PIPELINING (RFC 2920), the end of
one mail and the envelope of the next leave in one write, so a mail takes one round trip and not
four. Otherwise each command waits for its answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, cast

from services.notify.relay.answers import ConnectionBroken, RelayAnswers
from services.notify.relay.opening import NotLetIn, open_session
from services.notify.relay.replies import NO_ANSWER, Meaning, Phase, Reply, reply_of
from services.notify.relay.url import RelayUrl

CONNECT = 30.0
"""Seconds for a connection, and for each step until it can be used."""
STEP = 120.0
"""Seconds for each answer before the content is sent."""
FINAL_DOT = 600.0
"""Seconds for the answer to the content. A client that gives up sooner sends the mail again to a
relay that has it and was only looking for viruses (RFC 5321, section 4.5.3.2.6)."""
IDLE = 30.0
"""Seconds without work before a connection is closed, if nobody says otherwise."""
_GOODBYE_SECONDS = 2.0
"""For the answer to QUIT."""
_START_INPUT = 354
"""The reply to DATA (RFC 5321)."""
_OK = 250
"""The reply to any other command, and to the end of a mail."""
_PHASES: tuple[Phase, ...] = ("mail", "rcpt", "data")
"""What the three commands of an envelope begin."""
_WELCOME = (_OK, _OK, _START_INPUT)
"""The replies to the envelope of a mail that the relay takes."""
_TOO_LARGE = Reply("mail", 552, "5.3.4", "larger than SIZE")
"""What a relay says to a mail that is larger than it takes (RFC 1870, section 6.1)."""
_TAKEN = Reply("data", 250)
"""Nobody looks at the words of a relay that takes a mail."""


@dataclass(eq=False, slots=True)
class Mail:
    """A mail on its way to the relay."""

    number: int
    """The member's."""
    recipient: str = field(repr=False)
    content: Sequence[bytes] = field(repr=False)
    """Pieces, ready to be sent: CRLF line ends, dots doubled (RFC 5321, section 4.5.2)."""
    heard: Callable[["Mail", Reply | None], None] = field(repr=False)
    """Is told the relay's last word on this mail, once; none if the relay was never asked."""
    may_go: Callable[[], bool] = field(repr=False)
    """Whether this mail is still ours to send; asked right before it is."""
    sender: str = field(default="", repr=False)
    """Where it comes back to (the envelope sender); empty for the sender of all mail."""
    is_sent: bool = False
    """Whether its content was sent, or part of it, so that the relay may have the mail."""

    @property
    def octets(self) -> int:
        """As RFC 1870 counts them or slightly more: dots that go only over the wire count too."""
        return sum(map(len, self.content))


class MailSource(Protocol):
    """What connections get their mail from, and tell what became of it: the pool."""

    def take(self) -> Mail | None:
        """The next mail, if there is one."""

    def put_back(self, mail: Mail, *, last: bool = False, entered: bool = False) -> None:
        """Take back a mail of which nothing was said: another connection is to try. `last`: after
        all others, since it may be the mail that ends connections. `entered`: see `answered`."""

    async def enter(self) -> None:
        """Wait until one more content may be sent."""

    def answered(self, mail: Mail, reply: Reply | None, *, entered: bool) -> None:
        """Hear the relay's last word on a mail; none if we did not send it after all. `entered`:
        whether it had entered the window (see `enter`)."""

    async def wait(self, seconds: float) -> bool:
        """Wait until there may be something to take; false if that takes longer than `seconds`."""


class Connection:
    """Can be opened again once it has ended. `is_open` tells whether it is open now."""

    def __init__(
        self, relay: RelayUrl, *, sender: str, source: MailSource, idle_seconds: float = IDLE
    ) -> None:
        """`idle_seconds`: without work before it is closed."""
        self._relay = relay
        self._idle_seconds = idle_seconds
        self._source = source
        self._domain = sender.rpartition("@")[2]
        self._sender = sender
        self._transport: asyncio.Transport | None = None
        self._answers: RelayAnswers | None = None
        self._pipelines = False
        self.largest: int | None = None
        """Octets of the largest mail that the relay takes (SIZE, RFC 1870); none if it names no
        limit."""
        self._has_taken = False
        """Whether the relay has taken a mail on this connection."""
        self._is_spent = False
        """Whether the relay wants no more mail on this connection, and may on another."""
        self._in_data = False
        """Whether the relay takes whatever comes for a mail's content."""
        self._in_hand: dict[Mail, bool] = {}
        """Mails that nobody has answered yet, and whether the content of each was to be sent."""

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    async def open(self) -> Reply | None:
        """Connect, secure, log in. Gives the relay's reply if it does not let us in, else none."""
        try:
            smtp = await open_session(self._relay, domain=self._domain, seconds=CONNECT)
        except NotLetIn as error:
            return error.reply
        transport = cast("asyncio.Transport", smtp.transport)
        self._transport = transport
        self._answers = RelayAnswers(asyncio.get_running_loop())
        transport.set_protocol(self._answers)
        self._pipelines = smtp.supports_extension("pipelining")
        self.largest = _size(smtp.esmtp_extensions.get("size", ""))
        self._has_taken = self._is_spent = self._in_data = False
        return None

    async def serve(self) -> None:
        """Hand over what the source has, until it has nothing for `idle_seconds`, or the connection
        ends.

        An error of our own is raised once the mails in hand have heard that no answer came.
        """
        ready: Mail | None = None
        """The mail whose content the relay waits for."""
        try:
            while self.is_open:
                if self._is_spent and ready is None:
                    return
                may_take = not self._is_spent and (self._pipelines or not ready)
                upcoming = self._take() if may_take else None
                if ready is None and upcoming is None:
                    if not await self._source.wait(self._idle_seconds) or not self._is_fit():
                        return
                    continue
                if ready is None and not self._is_fit():
                    self._put_back(upcoming)  # type: ignore[arg-type]
                    return
                ready = await self._exchange(ready, upcoming)
        except Exception:
            for mail, entered in list(self._in_hand.items()):
                self._answered(
                    mail, Reply("dot" if entered else "data", NO_ANSWER), entered=entered
                )
            raise
        finally:
            await self.close()

    async def close(self) -> None:
        """Say goodbye, if anybody may be listening."""
        transport, answers = self._transport, self._answers
        self._transport = self._answers = None
        if transport is None or answers is None:
            return
        try:
            if not answers.ended and not self._in_data:
                transport.write(b"QUIT\r\n")
                with suppress(ConnectionBroken):
                    await answers.next(_GOODBYE_SECONDS)
        finally:
            transport.abort()

    def _take(self) -> Mail | None:
        """The next mail, if there is one. What is larger than the relay takes hears so at once."""
        while mail := self._source.take():
            self._in_hand[mail] = False
            if self.largest is None or mail.octets <= self.largest:
                return mail
            self._answered(mail, _TOO_LARGE, entered=False)
        return None

    def _put_back(self, mail: Mail, *, last: bool = False, entered: bool = False) -> None:
        del self._in_hand[mail]
        mail.is_sent = False
        self._source.put_back(mail, last=last, entered=entered)

    def _answered(self, mail: Mail, reply: Reply | None, *, entered: bool) -> None:
        del self._in_hand[mail]
        self._source.answered(mail, reply, entered=entered)

    def _is_fit(self) -> bool:
        """Whether the connection can be used. A relay that spoke while nobody asked has closed it,
        or is about to."""
        return self._answers is not None and self._answers.silent

    async def _exchange(self, ready: Mail | None, upcoming: Mail | None) -> Mail | None:
        """Send the content of `ready` and the envelope of `upcoming`. Gives `upcoming` if the relay
        waits for its content, else none. Whatever happens, each other mail is answered or put back,
        unless this is cancelled.
        """
        if ready:
            await self._source.enter()
            self._in_hand[ready] = True
        if ready and not ready.may_go():
            # Nothing but silence takes back a DATA.
            self._end()
            self._answered(ready, None, entered=True)
            if upcoming:
                self._put_back(upcoming)
            return None
        if ready:
            ready.is_sent = True
        pieces: list[bytes] = [*ready.content, b".\r\n"] if ready else []
        if upcoming and self._pipelines:
            pieces.append(self._envelope(upcoming))
        self._write(pieces)
        if ready:
            await self._hear_end(ready)
        if upcoming is None:
            return None
        if not self.is_open:
            self._put_back(upcoming)
            return None
        refusal = await self._hear_envelope(upcoming)
        if refusal is None:
            self._in_data = True
            return upcoming
        if self._may_do_anew(refusal):
            self._is_spent = True
            self._put_back(upcoming, last=refusal.is_about_a_member)
            return None
        if self.is_open:
            await self._reset()
        self._answered(upcoming, refusal, entered=False)
        return None

    def _may_do_anew(self, refusal: Reply) -> bool:
        """Whether the mail may be taken on another connection: this one took mail, and now the
        relay speaks of the session, or says nothing at all. Relays allow so many mails a session,
        and close connections that were idle."""
        if not self._has_taken or refusal.phase == "dot":
            return False
        return refusal.code == NO_ANSWER or refusal.meaning is Meaning.SESSION

    async def _hear_end(self, mail: Mail) -> None:
        code, text = await self._hear(FINAL_DOT)
        if code // 100 == 2:  # as nearly always
            self._in_data = False
            self._has_taken = True
            self._answered(mail, _TAKEN, entered=True)
            return
        refused = code // 100 in (4, 5)
        reply = reply_of("data", code, text) if refused else Reply("dot", NO_ANSWER)
        if reply.code in (NO_ANSWER, 421):
            self._end()
        self._in_data = False
        if self._may_do_anew(reply):
            self._is_spent = True
            self._put_back(mail, last=True, entered=True)
            return
        self._answered(mail, reply, entered=True)

    async def _hear_envelope(self, mail: Mail) -> Reply | None:
        """The relay's refusal of the envelope; none if it waits for the content."""
        if self._pipelines and self._answers and self._answers.take_if(_WELCOME):
            return None  # as nearly always
        refusal: Reply | None = None
        for phase, command in zip(_PHASES, self._envelope(mail).splitlines(True), strict=True):
            if not self._pipelines:
                if refusal:
                    break
                self._write([command])
            code, text = await self._hear(STEP)
            if phase == "data" and code == _START_INPUT and refusal:
                # It takes the content of a mail that goes to nobody.
                self._write([b".\r\n"])
                await self._hear(FINAL_DOT)
            elif refusal is None and code != (_START_INPUT if phase == "data" else _OK):
                refusal = _refusal(phase, code, text)
            if code in (NO_ANSWER, 421) or (refusal and refusal.code == NO_ANSWER):
                self._end()
                return refusal
        return refusal

    async def _reset(self) -> None:
        self._write([b"RSET\r\n"])
        code, _ = await self._hear(STEP)
        if code != _OK:
            self._end()

    async def _hear(self, seconds: float) -> tuple[int, str]:
        """Code and words of the next reply; NO_ANSWER if the connection ends first."""
        if self._answers is None:
            return NO_ANSWER, ""
        try:
            return await self._answers.next(seconds)
        except ConnectionBroken:
            self._end()
            return NO_ANSWER, ""

    def _envelope(self, mail: Mail) -> bytes:
        sender = mail.sender or self._sender
        return f"MAIL FROM:<{sender}>\r\nRCPT TO:<{mail.recipient}>\r\nDATA\r\n".encode()

    def _write(self, pieces: list[bytes]) -> None:
        """Send without waiting: no more than one mail is on its way, so what cannot leave yet stays
        small."""
        if self._transport:
            self._transport.write(b"".join(pieces))

    def _end(self) -> None:
        if self._transport:
            self._transport.abort()
        self._transport = self._answers = None


def _size(said: str) -> int | None:
    """Octets of the largest mail, by what the relay says after SIZE; 0 stands for no limit (RFC
    1870, section 4)."""
    return (int(said) or None) if said.isascii() and said.isdigit() else None


def _refusal(phase: Phase, code: int, text: str) -> Reply | None:
    """The reply as a refusal; none if it is another way to say yes. What says neither yes nor no is
    no answer."""
    if code // 100 in (4, 5):
        return reply_of(phase, code, text)
    return None if code // 100 == 2 and phase != "data" else Reply(phase, NO_ANSWER)
