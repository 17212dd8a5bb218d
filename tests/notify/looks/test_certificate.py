"""Until when the certificate holds is asked of real servers, as a reader's program is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.looks.certificate import CertificateWatch, certificate_ends
from tests import tls
from tests.make import settings
from tests.wait import until

HOST = "varsel.example.org"


@pytest.fixture(autouse=True)
def _trust() -> Iterator[None]:
    with tls.trusted():
        yield


@asynccontextmanager
async def served(*, days: int) -> AsyncIterator[str]:
    """Where a server is, as `probe`, whose certificate for HOST holds for so many days."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    context = tls.authority().context(HOST, days=days)
    server = await asyncio.start_server(answer, "127.0.0.1", ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_end_of_the_certificate_is_known_to_the_second() -> None:
    async with served(days=9) as probe:
        ends = await certificate_ends(f"https://{HOST}", probe=probe)
    assert ends
    assert abs(ends - (datetime.now(UTC) + timedelta(days=9))) < timedelta(hours=1)


@pytest.mark.parametrize("site", ["http://varsel.example.org", f"https://{HOST}"])
async def test_where_there_is_none_or_it_has_ended_nothing_is_made_up(site: str) -> None:
    async with served(days=-1) as probe:
        assert await certificate_ends(site, probe=probe) is None
    assert await certificate_ends(f"https://{HOST}", probe=probe) is None, "nobody listens"


async def test_metrics_tell_it_as_it_was_seen_last() -> None:
    async with served(days=9) as probe:
        watch = CertificateWatch(settings(site_url=f"https://{HOST}", site_probe=probe))
        assert watch.measure()[0].samples == []
        task = asyncio.create_task(watch())
        [sample] = await until(lambda: watch.measure()[0].samples)
        task.cancel()
    assert sample.value > datetime.now(UTC).timestamp() + 8 * 86400
