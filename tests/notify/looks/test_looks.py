"""notify looks at each page as readers do, and tells what it saw."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.deliveries.live_page import Reading
from services.notify.ledger.control import control
from services.notify.looks.page import PageToLookAt, found_at, next_look
from services.notify.looks.store import DUE, PAGES
from shared.bus.users import OPERATOR, as_user
from shared.event_data import OutsideLook
from shared.revision import Change, Revision
from tests import tls
from tests.make import alert, news, revision
from tests.notify.site import Pages
from tests.notify.steps import DELIVERY, addresses
from tests.notify.system import HOST, System, running, system
from tests.wait import until

NEWS = revision(news())
ALERT = revision(alert())


@pytest.fixture
async def outside() -> Any:
    """What readers reach, apart from what notify looks at first; it has no page yet."""
    pages = await Pages().start(tls.context(HOST))
    yield pages
    await pages.stop()


async def look_of(on: System, about: Revision, found: str, *, after: int = 0) -> OutsideLook:
    """The first look at the page of this revision that found this, `after` so many looks."""

    async def told() -> OutsideLook | None:
        for look in (await on.looks())[after:]:
            if (look.article, look.revision, look.found) == (about.id, about.revision, found):
                return look
        return None

    return await until(told)


async def look_now(on: System, about: Revision) -> int:
    """Have its page looked at now; gives how many looks were told before."""
    before = len(await on.looks())
    await on.redis.zadd(DUE, {about.id: 0})
    return before


async def test_a_page_of_news_is_looked_at_from_outside_until_it_is_right_and_later(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        await on.publish(NEWS)
        look = await look_of(on, NEWS, "page_wrong 404")
        assert not look.withdrawn
        outside.show(NEWS)
        before = await look_now(on, NEWS)
        await look_of(on, NEWS, "", after=before)
        outside.html.clear()
        before = await look_now(on, NEWS)
        await look_of(on, NEWS, "page_wrong 404", after=before)
        # An edit is another page, and its withdrawal is not there before the page says so.
        edit = revision(news(title="Ny tittel"), revision=2, change=Change(kind="edit"))
        outside.show(edit)
        await on.publish(edit)
        await look_of(on, edit, "")
        gone = revision(news(), revision=3, change=Change(kind="withdrawal", note="Feil."))
        await on.withdraw(gone)
        assert (await look_of(on, gone, "page_wrong other_revision")).withdrawn
        outside.show_withdrawn(gone)
        before = await look_now(on, gone)
        await look_of(on, gone, "", after=before)


async def test_an_alerts_status_says_that_a_person_or_time_let_it_pass(
    redis: Redis, redis_url: str, outside: Pages
) -> None:
    async with system(redis, redis_url, site_probe=outside.probe) as on, running(on):
        await on.join(*addresses(2))
        await on.publish(ALERT)
        await on.delivery("paused")
        await look_of(on, ALERT, "page_wrong 404")
        async with Redis.from_url(as_user(redis_url, OPERATOR)) as operator:
            await control(operator, DELIVERY, "resume")
        await on.delivery()
        passed = [
            event.data.page_passed
            for event in await on.told()
            if hasattr(event.data, "page_passed")
        ]
        assert passed[0] == ""
        assert passed[-1] == "person"


def a_page(**overrides: Any) -> PageToLookAt:
    fields = {
        "id": NEWS.id, "revision": 1, "sha256": NEWS.sha256, "path": NEWS.path, "withdrawn": False,
        "since": datetime.now(UTC), "traceparent": "00-" + "1" * 32 + "-" + "1" * 16 + "-01",
    }  # fmt: skip
    return PageToLookAt.model_validate(fields | overrides)


@pytest.mark.parametrize("found", ["", "page_wrong 404", "page_unseen dns"])
def test_looks_end_after_a_day_and_what_is_wrong_is_looked_at_more_often(found: str) -> None:
    page, looks = a_page(), 0
    now = page.since
    while pause := next_look(page, found, now):
        assert pause > timedelta(0)
        now += pause
        looks += 1
    assert now - page.since <= timedelta(hours=24, minutes=15)
    assert now - page.since >= timedelta(hours=24)
    assert looks < (200 if found else 15)
    first = next_look(page, found, page.since)
    assert first and first.total_seconds() == (5 if found else 60)


async def test_after_the_last_look_nothing_of_it_is_kept(up: System) -> None:
    old = a_page(since=datetime.now(UTC) - timedelta(days=2))
    up.site.show(NEWS)
    await up.redis.hset(PAGES, old.id, old.model_dump_json())
    await up.redis.zadd(DUE, {old.id: 0})
    await look_of(up, NEWS, "")
    assert await up.redis.exists(PAGES, DUE) == 0


def test_a_page_that_still_shows_what_was_withdrawn_is_wrong() -> None:
    html = f'<meta name="varsel-revision" content="{NEWS.id}/1/{NEWS.sha256}">'
    assert found_at(a_page(), Reading(200, html)) == ""
    assert found_at(a_page(withdrawn=True), Reading(200, html)) == "page_wrong other_revision"
