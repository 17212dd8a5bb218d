"""A real SMTP server that answers as a test tells it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

BREAK = "break"
Answer = Callable[[str], str | None]
"""From an address to the relay's reply; none to accept, `BREAK` to break the connection."""


@dataclass(frozen=True)
class TakenMail:
    recipient: str
    content: bytes
    sender: str = ""

    @property
    def head(self) -> EmailMessage:
        """Its headers alone: to read thousands of mails whole takes many times as long."""
        end = self.content.index(b"\r\n\r\n") + 4
        return message_from_bytes(self.content[:end], policy=policy.default)

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class Relay:
    """Takes mail on `port`, also again after `stop`; `mails` is what it accepted, in order."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self.mails: list[TakenMail] = []
        self.tried: list[str] = []
        self.connections = 0
        self.mail: Answer = lambda _: None
        self.rcpt: Answer = lambda _: None
        self.data: Answer = lambda _: None
        self.after_data: Answer = lambda _: None
        self.encoding = "ascii"
        """Of the replies."""
        self.pipelines = True
        """Whether it offers PIPELINING to those who connect from now on."""
        self.limit: int | None = None
        """Connections at a time; who comes after that hears 421 and nothing else."""
        self.largest: int | None = 33_554_432
        """Octets of a mail that it takes, told by SIZE to those who connect from now on."""
        self.hold: asyncio.Event | None = None
        """While set and not released, the final dot gets no answer."""
        self.hold_rcpt: asyncio.Event | None = None
        """The same for RCPT."""
        self.slowness = 0.0
        """Seconds that it looks at each mail before it answers."""
        self.more: dict[str, Any] = {}
        """More of what aiosmtpd's SMTP may be told, as a context for STARTTLS."""
        self._server: asyncio.Server | None = None
        self._protocols: list[SMTP] = []

    async def start(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        self.drop()
        self._server = None

    def drop(self) -> None:
        """Break every connection without a word."""
        for protocol in self._protocols:
            if protocol.transport:
                protocol.transport.abort()
        self._protocols.clear()

    def _ask(self, answer: Answer, address: str, server: SMTP) -> str | None:
        said = answer(address)
        if said == BREAK:
            server.transport.abort()
        return said

    def is_full(self) -> bool:
        """Whether the newest connection is one too many."""
        open_ = [p for p in self._protocols if p.transport and not p.transport.is_closing()]
        return self.limit is not None and len(open_) > self.limit

    def recipients(self) -> list[str]:
        return [taken.recipient for taken in self.mails]

    def _protocol(self) -> SMTP:
        self.connections += 1
        protocol = _Protocol(
            self,
            hostname="relay.example",
            loop=asyncio.get_running_loop(),
            data_size_limit=self.largest,
            **self.more,
        )
        self._protocols.append(protocol)
        return protocol

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        name, *offers = responses
        return [name, *(["250-PIPELINING"] if self.pipelines else []), *offers]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if refused := self._ask(self.mail, address, server):
            return refused
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        self.tried.append(address)
        if self.hold_rcpt:
            await self.hold_rcpt.wait()
        if refused := self._ask(self.rcpt, address, server):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        if refused := self._ask(self.data, recipient, server):
            return refused
        assert isinstance(envelope.content, bytes)
        self.mails.append(TakenMail(recipient, envelope.content, envelope.mail_from or ""))
        if self.hold:
            await self.hold.wait()
        await asyncio.sleep(self.slowness)
        return self._ask(self.after_data, recipient, server) or "250 2.0.0 taken"


class _Protocol(SMTP):
    refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        relay = self.event_handler
        self.transport = transport
        if relay.is_full():
            self.refused = True
            assert isinstance(transport, asyncio.Transport)
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()
        else:
            super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if not self.refused:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return None if self.refused else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.refused:
            super().connection_lost(error)

    async def push(self, status: str | bytes) -> None:
        if isinstance(status, str):
            status = status.encode(self.event_handler.encoding)
        await super().push(status)
