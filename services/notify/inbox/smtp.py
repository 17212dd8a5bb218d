"""Takes mail over SMTP for the inbox, on this machine only and in the running event loop."""

import asyncio
import logging
import weakref

from aiosmtpd.smtp import SMTP, Envelope, Session
from redis.exceptions import RedisError

from services.notify.inbox.mails import Mails
from shared import log
from shared.bus.errors import cause

# Below this level aiosmtpd logs senders and recipients (promise G8).
logging.getLogger("mail.log").setLevel(logging.WARNING)

LARGEST = 5 * 1024 * 1024
"""Bytes in one mail, told to senders by SIZE (RFC 1870)."""


class SmtpServer:
    """Stores each mail that it is given, whoever it is from and for."""

    def __init__(self, mails: Mails) -> None:
        self._mails = mails
        self._log = log.get("notify")
        self._server: asyncio.Server | None = None
        self._connections: weakref.WeakSet[SMTP] = weakref.WeakSet()

    async def start(self) -> int:
        """Listen on a free port; gives its number."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._connections):
            if connection.transport:
                connection.transport.close()
        await self._server.wait_closed()

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd. Says 250 only once the mail is stored."""
        try:
            number = await self._mails.store(envelope.original_content or b"")
        except RedisError as error:
            self._log.warning("inbox_refused_mail", cause=cause(error))
            return "451 4.3.0 not stored, try again later"
        return f"250 2.0.0 kept as number {number}"

    async def handle_exception(self, error: Exception) -> str:
        """Called by aiosmtpd, which would log the whole error and refuse for good."""
        self._log.error("inbox_failed", cause=cause(error))
        return "451 4.3.0 an error in the inbox, try again later"

    def _connection(self) -> SMTP:
        connection = SMTP(
            self,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Varsel's inbox",
            loop=asyncio.get_running_loop(),
        )
        self._connections.add(connection)
        return connection
