"""The box of other articles under an article: those that are related to it, and never what is no
longer true."""

from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from shared.article import Article
from shared.events import ArticleRevised, ArticleWithdrawn
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.lives import later, withdrawal
from tests.render.running import all_handled, files, page_file, publish, running


def numbered(number: int, article: Article | None = None) -> Revision:
    article = article or news(title=f"Sak nummer {number}")
    return revision(article, id=f"sak{number:08}x", slug=f"sak-{number}")


def exercise() -> Article:
    return alert(title="Dette er en øvelse", alert=alert_fields() | {"mode": "exercise"})


async def publish_numbered(redis: Redis, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await publish(redis, numbered(number))


def others(conf: Settings, number: int) -> str:
    """The box under article `number`."""
    html = page_file(conf, numbered(number)).read_text()
    return html[html.index('<section class="others"') :].partition("</section>")[0]


def shown(conf: Settings, number: int) -> list[int]:
    """The numbers of those in the box, in its order."""
    box = others(conf, number)
    places = {n: box.find(f"/nyheter/sak-{n}/") for n in range(1, 30)}
    return sorted((n for n in places if places[n] >= 0), key=lambda n: places[n])


async def test_under_an_article_are_those_published_just_before_it(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish_numbered(redis, 1, 6)
        await publish(redis, later(numbered(4)), ArticleRevised)
        await all_handled(redis)
    assert [shown(conf, n) for n in (1, 2, 4, 6)] == [[], [1], [3, 2, 1], [5, 4, 3]]


@pytest.mark.parametrize("of", [later, withdrawal])
async def test_a_corrected_or_withdrawn_alert_is_marked_under_every_other_article(
    redis_url: str, redis: Redis, of: Callable[[Revision], Revision]
) -> None:
    conf, wrong = settings(), numbered(2, alert(published_on="2026-09-01"))
    async with running(conf, redis_url):
        await publish(redis, numbered(1))
        await publish(redis, wrong)
        await publish_numbered(redis, 3, 6)
        event = ArticleRevised if of is later else ArticleWithdrawn
        await publish(redis, of(wrong), event)
        await all_handled(redis)
    mark = "Rettet" if of is later else "Trukket"
    for number in (3, 4, 5):
        assert mark in others(conf, number), number
    assert 2 not in shown(conf, 6)


async def test_no_page_links_to_withdrawn_news(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish_numbered(redis, 1, 7)
        for number in (3, 4):
            await publish(redis, withdrawal(numbered(number)), ArticleWithdrawn)
        await all_handled(redis)
    assert [shown(conf, n) for n in (5, 6, 7)] == [[2, 1], [5, 2, 1], [6, 5, 2]]


async def test_what_no_list_shows_has_no_others_that_could_grow_old(
    redis_url: str, redis: Redis
) -> None:
    """It is nobody's neighbour, so nothing would write its page again."""
    conf = settings()
    async with running(conf, redis_url):
        await publish_numbered(redis, 1, 3)
        await publish(redis, numbered(4, exercise()))
        await publish(redis, withdrawal(numbered(3)), ArticleWithdrawn)
        await all_handled(redis)
    assert shown(conf, 4) == []
    gone = page_file(conf, numbered(3)).with_name(".gone.html").read_text()
    assert 'href="/nyheter/sak-' not in gone
    assert 'href="/nyheter/"' in gone


async def test_a_correction_writes_at_most_three_pages_besides_its_own(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish_numbered(redis, 1, 25)
        await all_handled(redis)
        before = files(conf)
        await publish(redis, later(numbered(21)), ArticleRevised)
        await all_handled(redis)
    after = files(conf)
    written = {name for name in after if after[name] != before[name]}
    assert {f"nyheter/sak-{n}/index.html" for n in (21, 22, 23, 24)} <= written
    assert len(written) == 12
