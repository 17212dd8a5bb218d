"""Hands mails to the relay on connections that are kept open."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notify.relay_url import RelayUrl
from services.notify.replies import NO_ANSWER, Phase, Reply

CONNECTIONS = 8
_TIMEOUT = 30.0
"""Seconds for each step of the conversation."""
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


@dataclass(frozen=True)
class Mail:
    number: int
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)
    """Ready to be sent, with CRLF line ends."""


class Transport:
    """Up to `CONNECTIONS` calls of `hand_over` at a time; more wait for their turn."""

    def __init__(self, relay: RelayUrl, *, sender: str) -> None:
        self._relay = relay
        self._sender = sender
        self._idle: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(_Connection(relay, sender))

    async def hand_over(self, mail: Mail) -> Reply:
        """The relay's last word on this mail. Never raises because of the relay."""
        connection = await self._idle.get()
        try:
            return await connection.hand_over(mail)
        finally:
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Say goodbye on every connection that nobody uses."""
        while not self._idle.empty():
            await self._idle.get_nowait().quit()


class _Connection:
    def __init__(self, relay: RelayUrl, sender: str) -> None:
        self._sender = sender
        self._phase: Phase = "connect"
        self._login = (relay.user, relay.password or "") if relay.user else None
        self._smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.tls,
            start_tls=relay.starttls,
            # Else the machine's own name is looked up, which may take long and tells it to others.
            local_hostname=sender.rpartition("@")[2],
            timeout=_TIMEOUT,
        )

    async def hand_over(self, mail: Mail) -> Reply:
        kept = self._smtp.is_connected
        reply = await self._converse(mail)
        if kept and reply.phase == "mail" and reply.code in (NO_ANSWER, 421):
            # A relay closes connections that were idle or much used; nothing was said yet.
            reply = await self._converse(mail)
        return reply

    async def _converse(self, mail: Mail) -> Reply:
        try:
            await self._connect()
            self._phase = "mail"
            await self._smtp.mail(self._sender)
            self._phase = "rcpt"
            await self._smtp.rcpt(mail.recipient)
            self._phase = "data"
            answer = await self._smtp.data(mail.content)
            return _reply("data", answer.code, answer.message)
        except SMTPResponseException as error:
            return await self._refused(error)
        except (SMTPException, OSError):
            self._smtp.close()
            return Reply(self._phase, NO_ANSWER)
        except asyncio.CancelledError:
            self._smtp.close()
            raise

    async def _connect(self) -> None:
        if self._smtp.is_connected:
            return
        self._phase = "connect"
        await self._smtp.connect()
        if self._login:
            self._phase = "auth"
            await self._smtp.login(*self._login)

    async def _refused(self, error: SMTPResponseException) -> Reply:
        reply = _reply(self._phase, error.code, error.message)
        try:
            if reply.code == 421 or self._phase in ("connect", "auth"):
                await self.quit()
            else:
                await self._smtp.rset()
        except (SMTPException, OSError):
            self._smtp.close()
        return reply

    async def quit(self) -> None:
        if self._smtp.is_connected:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=2.0)
        self._smtp.close()


def _reply(phase: Phase, code: int, text: str) -> Reply:
    enhanced = _ENHANCED.match(text)
    return Reply(phase, code, enhanced[0] if enhanced else "", text[:500])
