"""The guard over real processes: whatever dies is found from outside, and that it is well again."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from shared.bus.users import as_user
from tests import tls
from tests.expects import skip_or_fail
from tests.make import alert
from tests.notify.bounces.dovecot import PROGRAM, dovecot
from tests.server import TIED, Valkey, free_port
from tests.system.alone import Alone
from tests.system.running import REPO, Up
from tests.system.steps import complete, post
from tests.varsel.guard.steps import environment, guard_of, own_relay, said
from tests.wait import until
from varsel.guard import memory, stand_guard
from varsel.guard.look_outside import OutsideLooker
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Memory


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_guard, "BETWEEN_SECONDS", 0.25)  # more often is too often for render
    monkeypatch.setattr(memory, "WELL_AFTER", timedelta(seconds=0.3))


@dataclass
class Part:
    """A part of the system, and how it is killed and started again."""

    kill: Callable[[], object]
    start: Callable[[], object]


class Front(subprocess.Popen[bytes]):
    """The web server before the services, in a process."""

    def __init__(self, port: int, services: dict[str, Alone]) -> None:
        places = [services[name].url for name in ("ingest", "render", "notify")]
        site = str(services["render"].data / "site")
        super().__init__(
            [*TIED, sys.executable, "-m", "tests.varsel.guard.front", str(port), site, *places],
            cwd=REPO,
        )


def answers(address: str) -> bool:
    """Whether there is a page; not while nobody listens yet."""
    with suppress(httpx.HTTPError):
        return httpx.get(address).status_code == 200
    return False


@asynccontextmanager
async def parts_of(server: Valkey) -> AsyncIterator[tuple[str, str, dict[str, Part]]]:
    """Each part a process; the site's address, the guard's key, and the parts."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"VARSEL_SITE_URL": url}
    with ExitStack() as stack:
        services = {
            name: stack.enter_context(Alone(name, server, **settings))
            for name in ("ingest", "render", "notify")
        }
        for one in services.values():
            one.launch()
        for one in services.values():
            await until(one.is_ready, timeout=90)
        front = [Front(port, services)]

        def kill_front() -> None:
            front[-1].kill()
            front[-1].wait()

        stack.callback(kill_front)
        operator = services["notify"].env | {"VARSEL_REDIS_URL": as_user(server.url, "operator")}
        services["ingest"].env, before = operator, services["ingest"].env
        key = services["ingest"].json("keys", "create", "Kari", "--only", "receipts")["key"]
        services["ingest"].env = before
        yield (
            url,
            key,
            {name: _of(one) for name, one in services.items()}
            | {
                "front": Part(kill_front, lambda: front.append(Front(port, services))),
                "redis": Part(server.kill, server.start),
            },
        )


def _of(service: Alone) -> Part:
    def kill() -> None:
        assert service.process
        service.process.kill()
        service.process.wait()

    return Part(kill, service.launch)


async def test_g15_whichever_part_is_killed_it_rings_once_and_says_when_it_is_well(
    own_server: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts_of(own_server) as (url, key, parts), own_relay() as relay:
        guard = guard_of(monkeypatch, environment(url, key, tmp_path, relay))
        looks: list[Memory] = []
        for path in ("/feed.json", "/heartbeat.json"):
            await until(lambda path=path: answers(url + path))
        standing = asyncio.create_task(guard.stand(looks.append))
        try:
            await until(lambda: len(looks) >= 5)
            assert said(relay) == [], "a healthy system rings nobody"
            for name, part in parts.items():
                relay.mails.clear()
                part.kill()
                await until(lambda: said(relay), timeout=30)
                if name in ("front", "render", "redis"):  # without the others it stops in a minute
                    await until(lambda: any("/heartbeat.json: " in text for _, text in said(relay)))
                part.start()
                await until(lambda: not looks[-1].troubles, timeout=30)
                await until(lambda: said(relay)[-1][0].startswith("I orden igjen"))
                faults = [text for subject, text in said(relay) if subject.startswith("Feil")]
                lines = [li for text in faults for li in text.splitlines() if li[:2] == "- "]
                assert len(lines) == len({li.partition(":")[0] for li in lines}), name
        finally:
            standing.cancel()
            await asyncio.gather(standing, return_exceptions=True)


async def test_g15_an_alert_whose_probe_has_no_mail_rings_until_it_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if PROGRAM is None:
        skip_or_fail("dovecot", "there is no dovecot")
    async with dovecot() as host, own_relay() as members_relay, own_relay() as relay:
        probes = ("prove1@example.org", "prove2@example.org")
        settings = {
            "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{members_relay.port}?starttls=none",
            "VARSEL_MAIL_FROM": "varsel@example.org",
            "VARSEL_ALERT_APPROVALS": "0",
        }
        with Up(**settings) as up:
            up.start()
            members = tmp_path / "prover.csv"
            members.write_text("email,name,lang\n" + "".join(f"{p},Prøve,nb\n" for p in probes))
            up.json("members", "import", str(members), "--consent", "Ja takk")
            writer = up.key()
            key = up.json("keys", "create", "Vakt", "--only", "receipts")["key"]
            given = environment(up.url, key, tmp_path / "guard", relay) | {
                "VARSEL_GUARD_IMAP_URL": host.url,
                "VARSEL_GUARD_PROBES": ", ".join(probes),
                "VARSEL_GUARD_MAIL_MINUTES": "0.05",
                "VARSEL_GUARD_PAGE_MINUTES": "1",
            }
            guard = guard_of(monkeypatch, given)
            article = post(up, writer, alert()).json()["id"]
            await complete(up, writer, article)
            await until(lambda: len(members_relay.mails) == 2)
            mails = {mail.recipient: mail.content for mail in members_relay.mails}
            await host.put(mails[probes[0]])  # the other's mail host has lost it

            async def rings() -> bool:
                await guard.look()
                return bool(said(relay))

            await until(rings, timeout=30)
            [(subject, text)] = said(relay)
            assert subject.startswith("Feil på")
            assert probes[1] in text
            assert probes[0] not in text
            await host.put(mails[probes[1]])

            async def is_well() -> bool:
                await guard.look()
                return len(said(relay)) == 2

            await until(is_well, timeout=30)
            assert said(relay)[1][0].startswith("I orden igjen")


async def test_the_site_s_certificate_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    with tls.trusted():
        context = tls.authority().context("localhost", days=5)
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        settings = GuardSettings(site=f"https://localhost:{port}", key="varsel_x", state=tmp_path)
        async with server:
            sight, _ = await OutsideLooker(settings).look(Memory())
    assert sight.certificate_ends
    left = sight.certificate_ends - datetime.now(UTC)
    assert timedelta(days=4) < left <= timedelta(days=5)
    assert all(sight.places.values()), "nothing answers there"
