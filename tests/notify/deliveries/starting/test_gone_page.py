"""A page that is gone (410) is read like any other: it says itself what became of its article."""

import asyncio

from services.notify.deliveries.live_page import is_withdrawn
from services.notify.deliveries.site import SiteReader
from tests.make import news, revision

PAGE = f'<!doctype html><meta name="varsel-withdrawn" content="{revision().id}/2">'


async def test_withdrawn_news_is_recognised_though_its_page_is_410() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 410 Gone\r\nConnection: close\r\n\r\n{PAGE}".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        site = SiteReader(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        page = await site.page("/nyheter/en-sak/")
        await site.close()
    assert is_withdrawn(page, revision(news(), revision=2))
