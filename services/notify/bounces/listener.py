"""Takes mail in at the return paths, by SMTP or LMTP, from whoever comes.

A mail is taken only for an address that we made and that is still good; everybody else hears 550.
It is kept, sealed, before the sender hears 250.
"""

import asyncio
import logging
import weakref
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from redis.exceptions import RedisError

from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.store import TooManyWait
from services.notify.vault.return_paths import SentMail
from shared import log
from shared.bus.errors import cause

# Below this level aiosmtpd logs senders and recipients (promise G8).
logging.getLogger("mail.log").setLevel(logging.WARNING)

LARGEST = 2 * 1024 * 1024
"""Octets of a mail that is taken, told by SIZE (RFC 1870): a notification may hold all of our own,
which has at most 1,000,000."""
CONNECTIONS = 50
"""Connections at a time; others hear 421."""
_LINE_LIMIT = 64 * 1024
"""Octets of a line: strangers' mails have longer ones than the 998 of RFC 5322."""
_SLACK = 128 * 1024
"""Octets that a connection may send beside a mail."""
_STEP_SECONDS = 60.0
"""Seconds of silence before a connection is closed."""
_AWAY = "451 4.3.0 not kept, try again later"


class BounceServer:
    """Listens for one process."""

    def __init__(self, intake: ReturnIntake) -> None:
        self._intake = intake
        self._paths = intake.paths
        self._log = log.get("notify")
        self._server: asyncio.Server | None = None
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()

    async def start(self, host: str, port: int) -> int:
        """Listen; gives the port's number. OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    @property
    def is_open(self) -> bool:
        """Whether the port is open."""
        return self._server is not None and self._server.is_serving()

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._connections):
            if connection.transport:
                connection.transport.close()
        await self._server.wait_closed()

    def is_full(self) -> bool:
        """Whether the newest connection is one too many."""
        open_ = [c for c in self._connections if c.transport and not c.transport.is_closing()]
        return len(open_) > CONNECTIONS

    def _connection(self) -> "_Connection":
        connection = _Connection(
            self,
            data_size_limit=LARGEST,
            hostname=self._paths.address.rpartition("@")[2],
            ident="Varsel",
            timeout=_STEP_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self._connections.add(connection)
        return connection

    async def handle_RCPT(  # noqa: N802
        self, server: "_Connection", _: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Called by aiosmtpd. One address a mail: each has its own token. The address without one
        is taken too, since members ask to leave there, and providers send complaints to where they
        were told once; then the mail must say so (see intake.py)."""
        del options
        if envelope.rcpt_tos:
            return "452 4.5.3 one recipient at a time"
        server.octets = 0
        if self._paths.is_plain(address):
            server.sent = None
        else:
            try:
                server.sent = await self._intake.good(self._paths.read(address))
            except RedisError:
                return _AWAY
            if server.sent is None:
                return "550 5.1.1 no such address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802
        self, server: "_Connection", _: Session, envelope: Envelope
    ) -> str:
        """Called by aiosmtpd. Says 250 only once the mail is kept."""
        content = bytes(envelope.original_content or b"")
        try:
            if not await self._intake.take(content, server.sent):
                return "550 5.7.1 it is about no mail of ours"
        except TooManyWait:
            return "452 4.3.1 too many wait, try again later"
        except RedisError as error:
            self._log.warning("bounce_refused", cause=cause(error))
            return _AWAY
        return "250 2.0.0 kept"

    async def handle_exception(self, error: Exception) -> str:
        """Called by aiosmtpd, which would log the whole error and refuse for good."""
        self._log.error("bounce_listener_failed", cause=cause(error))
        return "451 4.3.0 an error here, try again later"


class _Connection(SMTP):
    """One sender's. It speaks SMTP and, as to a relay beside us, LMTP (RFC 2033): with one
    recipient a mail they differ in the first word."""

    line_length_limit = _LINE_LIMIT

    def __init__(self, server: BounceServer, **settings: Any) -> None:
        super().__init__(server, **settings)
        self._bounce_server = server
        self._is_refused = False
        self.octets = 0
        """What it has sent since the last recipient."""
        self.sent: SentMail | None = None
        """The mail of ours that the recipient's token is of."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802
        """Called by aiosmtpd."""
        await self.smtp_EHLO(hostname)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        if self._bounce_server.is_full():
            self._is_refused = True
            assert isinstance(transport, asyncio.Transport)
            transport.write(b"421 4.7.0 too many connections, try again later\r\n")
            transport.close()
        else:
            super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self.octets += len(data)
        if self._is_refused:
            return
        if self.octets > LARGEST + _SLACK:  # aiosmtpd would read on, and keep some of it
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        super().data_received(data)

    def eof_received(self) -> bool | None:
        return None if self._is_refused else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_refused:
            super().connection_lost(error)
