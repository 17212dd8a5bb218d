"""The roots of the audit trail are in the site, where nobody can take them back."""

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.render.articles.seals import Seals
from services.render.look.templates import Site
from services.render.pages.pages import audit_page
from shared.settings import Settings
from tests.examples import examples
from tests.make import settings
from tests.render.events import DAY, seal, sealed
from tests.render.reading import Page
from tests.render.running import all_handled, running, tell

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ())


def roots(conf: Settings) -> Any:
    return json.loads((conf.site_folder / "revisjonsspor/rot.json").read_text())


async def test_a_days_root_is_on_the_page_and_for_machines(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, sealed(seal(1, 12, "b")))
        await tell(redis, sealed(seal(0, 7)))
        await all_handled(redis)
    assert roots(conf) == [
        {"day": "2026-09-01", "entries": 7, "root": "a" * 64},
        {"day": "2026-09-02", "entries": 12, "root": "b" * 64},
    ]
    page = Page((conf.site_folder / "revisjonsspor/index.html").read_text())
    assert f"2. september 2026, 12 linjer til da: {'b' * 64}" in page.text
    assert page.text.index("b" * 64) < page.text.index("a" * 64), "the newest day first"
    assert await redis.xlen("pages") == 0


async def test_a_root_shown_is_never_replaced_by_one_of_fewer_or_as_many_entries(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        for of in (seal(0, 7), seal(0, 9, "b"), seal(0, 7), seal(0, 9, "c"), seal(0, 8, "d")):
            await tell(redis, sealed(of))
        await all_handled(redis)
    assert roots(conf) == [{"day": "2026-09-01", "entries": 9, "root": "b" * 64}]


@tried(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12))
async def test_in_any_order_the_seal_of_most_entries_is_kept_for_each_day(
    redis: Redis, told: list[tuple[int, int]]
) -> None:
    await redis.flushall()
    seals = Seals(redis)
    for day, entries in told:
        await seals.keep(seal(day, entries))
    most = {day: max(n for other, n in told if other == day) for day, _ in told}
    assert {s.day: s.entries for s in await seals.all()} == {
        DAY + timedelta(days=day): entries for day, entries in most.items()
    }


def test_the_page_shows_thirty_days_and_is_whole_without_any() -> None:
    page = Page(audit_page(SITE, [seal(-day, 1) for day in range(40)]))
    assert page.text.count("a" * 64) == 30
    assert "1 linje til da" in page.text
    assert "ikke vist noe fingeravtrykk ennå" in Page(audit_page(SITE, [])).text
