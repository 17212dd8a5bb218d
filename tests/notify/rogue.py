"""Relays that behave badly, as real ones do now and then: a small SMTP server of our own, since
well-kept ones cannot be made to."""

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from shared.revision import Revision
from shared.service import Service
from tests.notify.system import System, serving

HANG = b"\0"
"""An answer that never comes, and nothing after it."""
_ADDRESS = re.compile(rb"<([^>]*)>")


class Rogue:
    """Takes mail, pipelined or not; subclasses misbehave. `taken` counts mails per recipient."""

    greeting = b"220 rogue.example ESMTP\r\n"
    pipelines = True
    offers: tuple[bytes, ...] = ()
    """Extensions besides PIPELINING."""
    tls: ssl.SSLContext | None = None
    """For TLS from the first byte if `starts_tls` is not set, else after STARTTLS."""
    starts_tls = False

    def __init__(self) -> None:
        self.port = 0
        self.taken: Counter[str] = Counter()
        self.message_ids: dict[str, set[bytes]] = {}
        self.heard: list[str] = []
        """The first four letters of each command."""
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        tls = None if self.starts_tls else self.tls
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._running.add(task)
        self.connections += 1
        try:
            await Conversation(self, reader, writer, self.connections).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()
            self._running.discard(task)

    async def say(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        writer.write(line)
        await writer.drain()

    # What a subclass may change; none breaks the connection.

    def on_connect(self, _number: int) -> bytes | None:
        return self.greeting

    def on_ehlo(self, _said: "Conversation") -> bytes | None:
        offers = [*([b"PIPELINING"] if self.pipelines else []), *self.offers]
        lines = [b"250-rogue.example", *(b"250-" + offer for offer in offers), b"250 HELP"]
        return b"".join(line + b"\r\n" for line in lines)

    def on_helo(self, _said: "Conversation") -> bytes | None:
        return b"250 rogue.example\r\n"

    def on_auth(self, _said: "Conversation", _line: bytes) -> bytes | None:
        return b"235 2.7.0 welcome\r\n"

    def on_mail(self, _said: "Conversation") -> bytes | None:
        return b"250 2.1.0 ok\r\n"

    def on_rcpt(self, _said: "Conversation", _recipient: str) -> bytes | None:
        return b"250 2.1.5 ok\r\n"

    def on_data(self, said: "Conversation") -> bytes | None:
        return b"354 go on\r\n" if said.accepted else b"554 5.5.1 no recipients\r\n"

    async def on_dot(self, said: "Conversation", content: bytes) -> bytes | None:
        self.take(said, content)
        return b"250 2.0.0 taken\r\n"

    def take(self, said: "Conversation", content: bytes) -> None:
        for recipient in said.accepted:
            self.taken[recipient] += 1
            found = re.search(rb"^Message-ID: (.*)\r$", content, re.MULTILINE)
            assert found
            self.message_ids.setdefault(recipient, set()).add(found[1])


class Conversation:
    def __init__(
        self,
        rogue: Rogue,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: int,
    ) -> None:
        self._rogue, self._reader, self._writer = rogue, reader, writer
        self.connection = connection
        self.mails = 0
        """Mails begun on this connection."""
        self.has_sender = False
        self.accepted: list[str] = []

    async def run(self) -> None:
        rogue = self._rogue
        if not await self._say(rogue.on_connect(self.connection)):
            return
        while line := await self._reader.readline():
            if not await self._say(await self._answer(line)):
                return
            if line.upper().startswith(b"QUIT"):
                return

    async def _answer(self, line: bytes) -> bytes | None:
        rogue, verb = self._rogue, line[:4].upper()
        rogue.heard.append(verb.decode())
        if verb == b"EHLO":
            return rogue.on_ehlo(self)
        if verb == b"HELO":
            return rogue.on_helo(self)
        if verb == b"AUTH":
            return rogue.on_auth(self, line)
        if verb == b"STAR" and rogue.tls:
            await self._say(b"220 go ahead\r\n")
            await self._writer.start_tls(rogue.tls)
            return b""
        if verb == b"MAIL":
            self.mails += 1
            self.accepted = []
            answer = rogue.on_mail(self)
            self.has_sender = bool(answer and answer.startswith(b"2"))
            return answer
        if verb == b"RCPT" and not self.has_sender:
            return b"503 5.5.1 need MAIL first\r\n"
        if verb == b"RCPT":
            found = _ADDRESS.search(line)
            assert found
            recipient = found[1].decode()
            answer = rogue.on_rcpt(self, recipient)
            if answer and answer.startswith(b"2"):
                self.accepted.append(recipient)
            return answer
        if verb == b"DATA":
            answer = rogue.on_data(self)
            if not answer or not answer.startswith(b"354"):
                return answer
            await self._say(answer)
            content = await self._content()
            return await rogue.on_dot(self, content)
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n"

    async def _content(self) -> bytes:
        lines = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                raise ConnectionError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _say(self, line: bytes | None) -> bool:
        if line is None:
            return False
        if line == HANG:
            await asyncio.Event().wait()
        await self._rogue.say(self._writer, line)
        return True


@asynccontextmanager
async def delivering_to(
    rogue: Rogue, notify: System, page: Revision, *, user: str = "", more: str = ""
) -> AsyncIterator[Service]:
    """notify runs, and mails `page` to the rogue. `user` and `more` go into the relay's address."""
    url = f"smtp://{user}127.0.0.1:{rogue.port}?connections=4{more}"
    secret = type(notify.settings.smtp_url)
    notify.settings = notify.settings.model_copy(update={"smtp_url": secret(url)})
    await notify.publish(page)
    async with serving(notify) as service:
        yield service
