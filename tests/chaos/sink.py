"""A relay that takes everything, and remembers of each mail what the audit needs."""

import asyncio
import email
import email.policy
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tests.chaos.smtp import Conversation

_ANSWERS = {
    "EHLO": b"250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}
_OK = b"250 2.0.0 ok\r\n"
PACE = 0.05
"""Seconds that a mail of a slow round waits for its answer."""
_RECIPIENT = re.compile(rb"<([^>]+)>")
_ROUND = re.compile(rb"^Subject: ([^\r]*)\bround-(\d+)(?:-v(\d+))?\b", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_THREAD = re.compile(
    rb"^(In-Reply-To|References):((?:[^\r]|\r\n[ \t])*)", re.MULTILINE | re.IGNORECASE
)
_ID = re.compile(rb"<[^<>\s]+>")
Form = Literal["alert", "correction", "withdrawal"]
Happening = Form | Literal["return"]
"""What a round is about: a version of the alert, or that mail of it comes back."""
_FORMS: tuple[tuple[bytes, Form], ...] = ((b"RETTET:", "correction"), (b"TRUKKET:", "withdrawal"))
"""By what the subject begins with."""


@dataclass(frozen=True)
class Life:
    """One run of one process, from its start to its end."""

    process: str
    number: int

    def __str__(self) -> str:
        return f"{self.process}#{self.number}"


NOBODY = Life("somebody past the proxies", 0)


@dataclass(frozen=True)
class SunkMail:
    """A mail that was answered with 250. `round` is the number in its subject, `version` the one of
    the title there."""

    round: int
    recipient: str
    message_id: str
    sender: Life
    version: int = 1
    form: Form = "alert"
    references: frozenset[str] = frozenset()
    """Message-IDs of the mails that it follows."""
    return_path: str = ""
    words: str = ""
    """Its plain text, if it is of no round: a letter is read by whoever gets it."""

    @property
    def delivery(self) -> str:
        """The delivery that its Message-ID names."""
        return ".".join(self.message_id.lstrip("<").split(".")[:2])


class Sink:
    def __init__(self) -> None:
        self.taken: list[SunkMail] = []
        self.senders: dict[int, Life] = {}
        """Whose connection it is, by the port that it comes from; the proxies tell."""
        self.count: Counter[str] = Counter()
        """Mails taken, by delivery."""
        self.slow: set[int] = set()
        """Rounds whose mails wait a while for their answer, so that something can happen to a
        delivery before it is over."""
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Taker(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()


class _Taker(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._conversation = Conversation()
        self._recipients: list[bytes] = []
        self._return_path = ""
        self._head = b""
        self._unread = b""
        self._waits = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._port: int = transport.get_extra_info("peername")[1]
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self._waits:
            self._go_on()

    def _go_on(self) -> None:
        data, self._unread, self._waits = self._unread, b"", False
        for step, raw in self._conversation.client(data):
            if step == "content":
                if b"\r\n\r\n" not in self._head or not _ROUND.search(self._head):
                    self._head += raw
                continue
            if step == "MAIL":
                self._recipients, self._head = [], b""
                self._return_path = b"".join(_RECIPIENT.findall(raw)).decode()
            elif step == "RCPT":
                self._recipients += _RECIPIENT.findall(raw)
            elif step == "dot" and self._take():
                self._waits = True
                asyncio.get_running_loop().call_later(PACE, self._answer_late)
                return
            self._say(_ANSWERS.get(step, _OK))
            if step == "QUIT":
                self._transport.close()

    def _answer_late(self) -> None:
        if not self._transport.is_closing():
            self._say(_OK)
            self._go_on()

    def _take(self) -> bool:
        """Remember the mail; true where its answer is to wait."""
        sender = self._sink.senders.get(self._port, NOBODY)
        mails = [
            taken(self._head, recipient.decode(), sender, self._return_path)
            for recipient in self._recipients
        ]
        self._sink.taken += mails
        self._sink.count.update(mail.delivery for mail in mails)
        return any(mail.round in self._sink.slow for mail in mails)

    def _say(self, words: bytes) -> None:
        list(self._conversation.server(words))
        self._transport.write(words)


def taken(head: bytes, recipient: str, sender: Life, return_path: str = "") -> SunkMail:
    """Pure: what a mail's header and envelope say of it; of a letter `head` is all of it."""
    subject, message_id = _ROUND.search(head), _MESSAGE_ID.search(head)
    words = subject[1] if subject else b""
    thread = (i.decode() for _, ids in _THREAD.findall(head) for i in _ID.findall(ids))
    return SunkMail(
        round=int(subject[2]) if subject else -1,
        recipient=recipient,
        message_id=message_id[1].decode() if message_id else "",
        sender=sender,
        version=int(subject[3] or 1) if subject else 0,
        form=next((form for mark, form in _FORMS if mark in words), "alert"),
        references=frozenset(thread),
        return_path=return_path,
        words="" if subject else _plain_text(head),
    )


def _plain_text(mail: bytes) -> str:
    part = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",))
    return str(part.get_content()) if part else ""
