"""Hands mails to the relay on connections that are kept open."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from services.notify.relay_url import RelayUrl
from services.notify.replies import NO_ANSWER, Phase, Reply

CONNECTIONS = 8
_CONNECT = 30.0
"""Seconds for a connection, and for each step until it can be used."""
_STEP = 120.0
"""Seconds for each answer before the content is sent."""
_FINAL_DOT = 600.0
"""Seconds for the answer to the content. Who gives up sooner sends the mail again to a relay that
has it and was only looking for viruses (RFC 5321, section 4.5.3.2.6)."""
_START_INPUT = 354
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?!\S)")
_DOTS = re.compile(rb"^\.", re.MULTILINE)


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
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._idle = [_Connection(relay, sender) for _ in range(CONNECTIONS)]

    async def hand_over(self, mail: Mail) -> Reply:
        """The relay's last word on this mail. Never raises because of the relay."""
        async with self._turns:
            # An open one if there is any: the relay may allow fewer than we would have.
            connection = max(self._idle, key=lambda idle: idle.is_open)
            self._idle.remove(connection)
            try:
                return await connection.hand_over(mail)
            finally:
                self._idle.append(connection)

    async def close(self) -> None:
        """Say goodbye on every connection that nobody uses."""
        await asyncio.gather(*(connection.quit() for connection in self._idle))


class _Connection:
    def __init__(self, relay: RelayUrl, sender: str) -> None:
        self._sender = sender
        self._phase: Phase = "connect"
        self._sent = False
        """Whether all of the mail is on its way."""
        self._login = (relay.user, relay.password or "") if relay.user else None
        self._smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.tls,
            start_tls=relay.starttls,
            # Else the machine's own name is looked up, which may take long and tells it to others.
            local_hostname=sender.rpartition("@")[2],
            timeout=_CONNECT,
        )

    @property
    def is_open(self) -> bool:
        return self._smtp.is_connected

    async def hand_over(self, mail: Mail) -> Reply:
        kept = self.is_open
        reply = await self._converse(mail)
        if kept and reply.phase == "mail" and reply.code in (NO_ANSWER, 421):
            # A relay closes connections that were idle or much used; nothing was said yet.
            reply = await self._converse(mail)
        return reply

    async def _converse(self, mail: Mail) -> Reply:
        self._sent = False
        try:
            await self._connect()
            self._phase = "mail"
            await self._smtp.mail(self._sender, timeout=_STEP)
            self._phase = "rcpt"
            await self._smtp.rcpt(mail.recipient, timeout=_STEP)
            self._phase = "data"
            return await self._send(mail.content)
        except SMTPResponseException as error:
            return await self._refused(error)
        except (SMTPException, OSError, ValueError):  # the last: a name or challenge that is none
            self._smtp.close()
            return Reply("dot" if self._sent else self._phase, NO_ANSWER)
        except asyncio.CancelledError:
            self._smtp.close()
            raise

    async def _send(self, content: bytes) -> Reply:
        """DATA, and the content; aiosmtplib would wait equally long for both answers."""
        start = await self._smtp.execute_command(b"DATA", timeout=_STEP)
        if start.code != _START_INPUT:
            raise SMTPResponseException(start.code, start.message)
        protocol = self._smtp.protocol
        if protocol is None:
            raise SMTPServerDisconnected("closed after DATA")
        protocol.write(_DOTS.sub(b"..", content) + b".\r\n")
        self._sent = True
        answer = await protocol.read_response(timeout=_FINAL_DOT)
        if not 200 <= answer.code < 300:
            raise SMTPResponseException(answer.code, answer.message)
        return _reply("data", answer.code, answer.message)

    async def _connect(self) -> None:
        if self.is_open:
            return
        self._phase = "connect"
        await self._smtp.connect()
        if self._login:
            self._phase = "auth"
            await self._smtp.login(*self._login)

    async def _refused(self, error: SMTPResponseException) -> Reply:
        reply = _reply(self._phase, error.code, error.message)
        if not 400 <= reply.code < 600:
            # A yes where none was asked for, or no reply at all: who knows what it answers.
            self._smtp.close()
            return Reply(self._phase, NO_ANSWER)
        try:
            if reply.code == 421 or self._phase in ("connect", "auth"):
                await self.quit()
            else:
                await self._smtp.rset()
        except (SMTPException, OSError):
            self._smtp.close()
        return reply

    async def quit(self) -> None:
        if self.is_open:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=2.0)
        self._smtp.close()


def _reply(phase: Phase, code: int, text: str) -> Reply:
    text = text.encode(errors="surrogateescape").decode(errors="replace")
    enhanced = _ENHANCED.match(text)
    return Reply(phase, code, enhanced[0] if enhanced else "", text[:500])
