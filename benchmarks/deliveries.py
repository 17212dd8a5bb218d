"""A delivery beside a bare aiosmtplib loop with the same bytes, sink and connections; and how much
memory a delivery takes when the audience is a hundred times larger."""

import asyncio
import csv
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiosmtplib import SMTP
from redis.asyncio import Redis

from benchmarks.sink import sink
from benchmarks.world import World, world
from services.notify import app as notify
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead
from services.notify.register.import_members import import_members
from services.notify.relay.url import CONNECTIONS
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.tokens import Tokens
from shared.bus.users import as_user
from shared.events import PagePublished, to_fields
from shared.revision import Revision, content_sha256
from shared.settings import Settings
from shared.trace import new_traceparent
from tests import make

MEMBERS = 10_000
FEW, MANY = 1_000, 100_000
SENDER = "varsel@example.org"


def alert_of(id_: str = "a1b2c3d4e5f6", *, long: bool = False) -> Revision:
    """An alert; a `long` one makes a mail of about 15 KB."""
    article = make.alert()
    if long and article.alert:
        # Each text is in the mail twice, and in neither part longer than an editor may write.
        line = "Snakk med legen din før du endrer noe i behandlingen. " * 4
        longer = {"what_to_do": [line.strip()] * 10, "seek_help_if": [line.strip()] * 10}
        said = article.alert.model_dump(mode="json") | longer
        article = type(article).model_validate(article.model_dump(mode="json") | {"alert": said})
    sha256 = content_sha256(article, {})
    return make.revision(article, id=id_, slug="et-varsel", sha256=sha256)


@asynccontextmanager
async def site(revision: Revision) -> AsyncIterator[str]:
    """A site on which every page is live."""
    said = f"{revision.id}/{revision.revision}/{revision.sha256}"
    page = f'<meta name="varsel-revision" content="{said}">'.encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(page), page)
        )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def with_relay(base: Settings, port: int, check: str) -> Settings:
    """Settings that hand mail to the sink at `port`, and look for pages at `check`."""
    return base.model_copy(
        update={
            "smtp_url": type(base.smtp_url)(f"smtp://127.0.0.1:{port}?starttls=none"),
            "mail_from": SENDER,
            "site_check_url": check,
        }
    )


async def take_in(here: World, count: int) -> None:
    file = here.settings.data / "members.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("email", "name", "lang"))
        rows.writerows((f"medlem{n}@example.org", f"Åse Eksempel {n}", "nb") for n in range(count))
    await import_members(here.redis, here.settings, file, consent="Ja", progress=lambda *_: None)


@dataclass(frozen=True)
class TimeTaken:
    seconds: float
    """From the page's event to the last member."""
    cpu: float
    """Seconds of this process's processor time in between."""


async def deliver(here: World, settings: Settings, revision: Revision) -> TimeTaken:
    """Deliver to all members by a notify in this process."""
    service = notify.create(settings, as_user(here.redis_url, "notify"))
    for open_ in service.open:
        await open_()
    await service.bus.start()
    event = PagePublished.about(revision, traceparent=new_traceparent())
    start, cpu = time.perf_counter(), time.process_time()
    await here.redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
    while await here.redis.hget(f"notify:delivery:{revision.id}.1", "state") != b"complete":
        await asyncio.sleep(0.02)
    taken = TimeTaken(time.perf_counter() - start, time.process_time() - cpu)
    await service.bus.stop()
    for close in service.close:
        await close()
    return taken


async def _bare(here: World, port: int, revision: Revision, count: int) -> float:
    """Seconds for a loop that only hands over, with the bytes made beforehand."""
    found = await keys.load(here.redis, secret_key(here.settings))
    head = Letterhead(site=here.settings.site, site_name=here.settings.site_name, sender=SENDER)
    mail = AlertMail(
        revision,
        delivery=f"{revision.id}.1",
        started=datetime.now(UTC),
        head=head,
        marks_key=found.marks,
    )
    tokens = Tokens(found.token)
    waiting = iter(
        [
            (f"medlem{n}@example.org",
             b"".join(mail.fill(n + 1, f"medlem{n}@example.org", f"Åse Eksempel {n}", tokens)))
            for n in range(count)
        ]
    )  # fmt: skip

    async def work() -> None:
        smtp = SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="example.org")
        await smtp.connect()
        for address, content in waiting:
            await smtp.mail(SENDER)
            await smtp.rcpt(address)
            await smtp.data(content)
        await smtp.quit()

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS - 1)))  # one of them is for letters
    return time.perf_counter() - start


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    revision = alert_of()
    async with world() as here, site(revision) as check:
        with sink() as port:
            await take_in(here, MEMBERS)
            bare = await _bare(here, port, revision, MEMBERS)
            taken = await deliver(here, with_relay(here.settings, port, check), revision)
            varsel = taken.seconds
    yield (
        f"a delivery to {MEMBERS} members beside a bare aiosmtplib loop, messages per second",
        f"{bare / varsel:.2f} ({MEMBERS / varsel:.0f} of {MEMBERS / bare:.0f})",
        "reported",
    )
    few, many = [_memory_in_a_process(count) for count in (FEW, MANY)]
    yield (
        f"memory of a delivery to {MANY} members beside one to {FEW}",
        f"{many / few:.2f} ({many / 1024:.0f} of {few / 1024:.0f} MB)",
        "≤ 1.3",
    )


def _memory_in_a_process(count: int) -> int:
    """Peak memory in KiB of a notify that serves `count` members, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.deliveries", str(count)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    return int(done.stdout)


async def _one_delivery(count: int) -> None:
    """The members are taken in by a process of its own, so that its memory does not count."""
    revision = alert_of()
    async with world() as here, site(revision) as check:
        with sink() as port:
            arguments = [sys.executable, "-m", "benchmarks.deliveries", str(count), here.redis_url,
                         str(here.settings.data)]  # fmt: skip
            child = await asyncio.create_subprocess_exec(*arguments)
            assert await child.wait() == 0
            await deliver(here, with_relay(here.settings, port, check), revision)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


async def _only_take_in(count: int, redis_url: str, data: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await take_in(World(Settings(data=Path(data)), redis_url, redis), count)


if __name__ == "__main__":
    members, *where = sys.argv[1:]
    asyncio.run(_only_take_in(int(members), *where) if where else _one_delivery(int(members)))
