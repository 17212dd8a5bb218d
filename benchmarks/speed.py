"""Varsel's delivery, with its whole ledger, beside Postfix's own client `smtp-source` (C) and a
bare aiosmtplib loop: same sink (`smtp-sink`), same bytes, same connections, one run."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiosmtplib import SMTP

from benchmarks import postfix
from benchmarks.deliveries import SENDER, alert_of, deliver, site, take_in
from benchmarks.postfix import Tools
from benchmarks.slow_line import slow_line
from benchmarks.world import World, world
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead
from services.notify.relay.connection import Connection, Mail
from services.notify.relay.replies import Reply
from services.notify.relay.url import RelayUrl
from services.notify.vault.tokens import Tokens
from shared.revision import Revision
from shared.settings import Settings

MEMBERS = 40_000
FEWER = 4_000
"""Over the slow line."""
DELAY = 0.0025
"""Seconds each way of the slow line."""


@dataclass(frozen=True)
class Rates:
    """Mails per second."""

    source: float
    aiosmtplib: float
    varsel: float
    cpu: float
    """Processor time of Varsel, in microseconds per mail."""


def _mail(here: World, revision: Revision) -> AlertMail:
    head = Letterhead(site=here.settings.site, site_name=here.settings.site_name, sender=SENDER)
    return AlertMail(
        revision,
        delivery=f"{revision.id}.1",
        started=datetime.now(UTC),
        head=head,
        marks_key=bytes(32),
    )


def content_of(here: World, revision: Revision) -> bytes:
    pieces = _mail(here, revision).fill(1, "medlem1@example.org", "Åse", Tokens(bytes(32)))
    return b"".join(pieces)


async def _bare(port: int, content: bytes, *, count: int, connections: int) -> float:
    waiting = iter(range(count))

    async def work() -> None:
        smtp = SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="example.org")
        await smtp.connect()
        for number in waiting:
            await smtp.mail(SENDER)
            await smtp.rcpt(f"medlem{number}@example.org")
            await smtp.data(content)
        await smtp.quit()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return time.perf_counter() - start


class _Endless:
    """Mails of made-up members, without ledger, vault or stream."""

    def __init__(self, mail: AlertMail, count: int) -> None:
        self._mail = mail
        self._tokens = Tokens(bytes(32))
        self._left = count

    def take(self) -> Mail | None:
        if not self._left:
            return None
        self._left -= 1
        to = f"medlem{self._left}@example.org"
        content = self._mail.fill(self._left, to, f"Åse Eksempel {self._left}", self._tokens)
        return Mail(self._left, to, content, lambda *_: None, lambda: True)

    def put_back(self, mail: Mail) -> None:  # noqa: ARG002
        raise RuntimeError("the sink closed a connection")

    async def enter(self) -> None:
        pass

    def answered(self, mail: Mail, reply: Reply | None, *, entered: bool) -> None:  # noqa: ARG002
        if not entered:
            raise RuntimeError("the sink refused a mail")

    async def wait(self, seconds: float) -> bool:  # noqa: ARG002
        return False


async def _connections_only(port: int, mail: AlertMail, *, count: int, connections: int) -> float:
    """Microseconds of processor time per mail for filling and sending alone."""
    source = _Endless(mail, count)
    relay = RelayUrl("127.0.0.1", port)
    opened = [Connection(relay, sender=SENDER, source=source) for _ in range(connections)]
    for connection in opened:
        await connection.open()
    start = time.process_time()
    await asyncio.gather(*(connection.serve() for connection in opened))
    return (time.process_time() - start) / count * 1e6


def relay_settings(base: Settings, port: int, check: str, connections: int) -> Settings:
    """Settings that hand mail to the sink at `port` by so many connections."""
    # One more, which is for letters.
    url = f"smtp://127.0.0.1:{port}?starttls=none&connections={connections + 1}"
    smtp_url = type(base.smtp_url)(url)
    return base.model_copy(
        update={"smtp_url": smtp_url, "mail_from": SENDER, "site_check_url": check}
    )


async def _rates(
    here: World, found: Tools, port: int, *, number: int, members: int, connections: int
) -> Rates:
    revision = alert_of(f"alert{number:07}", long=True)
    content = content_of(here, revision)
    source = postfix.smtp_source(found, port, mail=content, count=members, connections=connections)
    bare = await _bare(port, content, count=members, connections=connections)
    async with site(revision) as check:
        settings = relay_settings(here.settings, port, check, connections)
        varsel = await deliver(here, settings, revision)
    return Rates(
        members / source,
        members / bare,
        members / varsel.seconds,
        varsel.cpu / members * 1e6,
    )


@contextmanager
def _line(port: int, *, slow: bool) -> Iterator[int]:
    if not slow:
        yield port
        return
    with slow_line(port, DELAY) as far:
        yield far


def _row(name: str, rates: Rates, wanted: str) -> tuple[str, str, str]:
    figures = f"{rates.varsel:.0f} of {rates.source:.0f}; aiosmtplib {rates.aiosmtplib:.0f}"
    return f"{name}, mails per second", f"{rates.varsel / rates.source:.2f} ({figures})", wanted


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    with postfix.tools() as found, postfix.smtp_sink(found) as port:
        async with world() as here:
            await take_in(here, MEMBERS)
            for number, (connections, wanted) in enumerate(((4, "≥ 0.6"), (16, "≥ 1.0"))):
                rates = await _rates(
                    here, found, port, number=number, members=MEMBERS, connections=connections
                )
                yield _row(
                    f"Varsel with its ledger beside `smtp-source`, {connections} connections",
                    rates, wanted,
                )  # fmt: skip
            alone = await _connections_only(
                port, _mail(here, alert_of("alert0000009", long=True)), count=MEMBERS,
                connections=16,
            )  # fmt: skip
            yield (
                "ledger, vault and stream: their part of the worker's processor time per mail",
                f"{1 - alone / rates.cpu:.2f} ({rates.cpu - alone:.0f} of {rates.cpu:.0f} µs)",
                "≤ 0.25",
            )
        async with world() as here:
            await take_in(here, FEWER)
            with _line(port, slow=True) as far:
                rates = await _rates(here, found, far, number=3, members=FEWER, connections=16)
            yield _row("the same over a line of 2.5 ms each way, 16 connections", rates, "≥ 3")
