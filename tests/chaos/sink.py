"""A relay that takes everything, and remembers of each mail what the audit needs."""

import asyncio
import re
from dataclasses import dataclass

from tests.chaos.smtp import Conversation

_ANSWERS = {
    "EHLO": b"250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}
_RECIPIENT = re.compile(rb"<([^>]+)>")
_ROUND = re.compile(rb"^Subject: [^\r]*\bround-(\d+)\b", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Life:
    """One run of one process, from its start to its end."""

    process: str
    number: int

    def __str__(self) -> str:
        return f"{self.process}#{self.number}"


NOBODY = Life("somebody past the proxies", 0)


@dataclass(frozen=True)
class Taken:
    """A mail that was answered with 250. `round` is the number in its subject."""

    round: int
    recipient: str
    message_id: str
    sender: Life


class Sink:
    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.senders: dict[int, Life] = {}
        """Whose connection it is, by the port that it comes from; the proxies tell."""
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
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._port: int = transport.get_extra_info("peername")[1]
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        for step, raw in self._conversation.client(data):
            if step == "content":
                if b"\r\n\r\n" not in self._head:
                    self._head += raw
                continue
            if step == "MAIL":
                self._recipients, self._head = [], b""
            elif step == "RCPT":
                self._recipients += _RECIPIENT.findall(raw)
            elif step == "dot":
                self._take()
            self._say(_ANSWERS.get(step, b"250 2.0.0 ok\r\n"))
            if step == "QUIT":
                self._transport.close()

    def _take(self) -> None:
        round_, message_id = _ROUND.search(self._head), _MESSAGE_ID.search(self._head)
        for recipient in self._recipients:
            self._sink.taken.append(
                Taken(
                    int(round_[1]) if round_ else -1,
                    recipient.decode(),
                    message_id[1].decode() if message_id else "",
                    self._sink.senders.get(self._port, NOBODY),
                )
            )

    def _say(self, words: bytes) -> None:
        list(self._conversation.server(words))
        self._transport.write(words)
