"""What is moved here never stands between an alert and its page: it comes no faster than pages are
made."""

from typing import Any

import pytest

from services.ingest.moving import pace
from shared.bus import lag
from shared.events import ArticlePublished, PagePublished, from_fields
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import alert, events, news
from tests.render.running import running

AT = "2019-07-01T12:00:00+02:00"
MOVED = 40


async def move(ingest: Ingest, number: int) -> int:
    fields = news(title=f"Sak {number}", body=f"Dette er sak nummer {number}.")
    more: dict[str, Any] = {"moved_from": [f"/gammel/{number}"], "published_at": AT}
    return (await ingest.http.post("/api/imports", json=fields | more)).status_code


async def test_an_alert_stands_behind_a_few_of_thousands_that_are_moved(ingest: Ingest) -> None:
    async with running(ingest.settings, ingest.redis_url):
        for number in range(MOVED):
            assert await move(ingest, number) == 201
            if number == MOVED // 2:
                answer = await ingest.post(alert())
                assert answer.status_code == 201
            ahead = await lag.behind(ingest.redis, "articles", "render")
            assert ahead <= pace.AHEAD + 1
    pages = [from_fields(fields) for _, fields in await ingest.redis.xrange("pages")]
    kinds = [one.data.article.kind for one in pages if isinstance(one, PagePublished)]
    assert MOVED // 2 <= kinds.index("safety_alert") <= MOVED // 2 + pace.AHEAD + 1


async def test_where_no_page_is_made_nothing_more_is_published_and_it_can_be_gone_on_with(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest.bus.start()
    with monkeypatch.context() as patch:
        patch.setattr(pace, "_PATIENCE_SECONDS", 0.1)
        codes = [await move(ingest, number) for number in range(pace.AHEAD + 2)]
    assert codes == [*[201] * pace.AHEAD, 503, 503]
    assert len(await events(ingest)) == pace.AHEAD
    async with running(ingest.settings, ingest.redis_url):
        assert await move(ingest, pace.AHEAD) == 201
    published = [one for one in await events(ingest) if isinstance(one, ArticlePublished)]
    assert len(published) == pace.AHEAD + 1
