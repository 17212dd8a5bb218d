"""What an admin types of the association in the newsroom stands on the pages on disk."""

from contextlib import AsyncExitStack

import httpx
from redis.asyncio import Redis

from services.ingest.app import create as create_ingest
from services.ingest.newsroom.visit import key_of
from services.ingest.people.store import People
from shared.bus.users import as_user
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.ingest.newsroom.steps import SITE, NewsroomBrowser
from tests.make import alert, news, revision, settings
from tests.render.running import all_handled, kept, page_file, publish, running
from tests.wait import until

TYPED = {
    "name": "Eksempelforeningen for alle",
    "accent": "#5a2d82",
    "telephone": "22 00 00 00",
    "menu": "Om oss /om-oss/",
    "sett": "0",
}


async def test_what_is_typed_in_the_newsroom_stands_on_every_page(
    redis_url: str, redis: Redis
) -> None:
    conf = settings(site_url=SITE)
    warning, other = revision(alert(), id="alert0000001", slug="varselet"), revision(news())
    ingest = create_ingest(conf, as_user(redis_url, "ingest"))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(ingest.close[0])
        service = await stack.enter_async_context(running(conf, redis_url))
        await stack.enter_async_context(kept(service.loops))
        await publish(redis, warning)
        await publish(redis, other)
        await all_handled(redis)
        person = await People(redis).add("Kari", "admin")
        session = await Sessions(redis, STAFF_SESSIONS, await key_of(redis)).begin(person.id)
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(ingest.http), base_url=SITE)
        )
        cookie = f"__Host-{STAFF_COOKIES.session}"
        http.cookies.set(cookie, session.id, domain="varsel.example.org")
        browser = NewsroomBrowser(http)
        await browser.get("/redaksjon/nettstedet/")
        await browser.send("/redaksjon/nettstedet/", **TYPED)
        assert "Lagret" in browser.page
        for of in (warning, other):
            file = page_file(conf, of)
            await until(lambda file=file: TYPED["name"] in file.read_text())
            assert 'href="/om-oss/"' in file.read_text()
            assert 'href="tel:22000000"' in file.read_text()
        style = conf.site_folder / "style.css"
        await until(lambda: "--accent: #5a2d82;" in style.read_text())
