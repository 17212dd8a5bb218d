"""What is being written is a page that only they see who know its address, made as the real one is,
and gone when the article goes on."""

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.look.templates import STYLE, Site, on_paper
from services.render.site.site_files import SiteFiles
from services.render.site.write_site import SiteWriter
from services.render.text.body_html import body_html
from services.render.text.dates import oslo_day
from services.render.text.labels import labels
from shared.events import ArticleRevised, Event, PagePreviewed, PageSketched
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, revision, settings
from tests.render.events import SUBMITTED_AT, sketched, submitted
from tests.render.lives import later, withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, emitted, files, publish, running, tell

TABLE = "Dosen går etter vekt.\n\n| Vekt | Dose |\n|:---|---:|\n| 10 kg | 2*500 mg |"
LIVE = revision(alert())
WRITTEN = later(LIVE, alert(title="Eksempelinib kan skade leveren mer", body=TABLE))


def drafts(conf: Settings) -> list[str]:
    return sorted(name for name in files(conf) if name.startswith("utkast"))


def both(token: str) -> list[str]:
    return [f"utkast/{token * 32}/index.html", f"utkast/{token * 32}/utskrift/index.html"]


async def test_a_sketch_is_a_page_and_the_same_on_paper(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        event = sketched(WRITTEN, "a")
        await tell(redis, event)
        await all_handled(redis)
    assert drafts(conf) == both("a")
    seen, printed = ((conf.site_folder / name).read_text() for name in both("a"))
    for html in (seen, printed):
        page = Page(html)
        page.assert_harmless()
        assert "Ikke publisert" in page.text
        assert str(body_html(WRITTEN.article.body, {}, labels("nb"))).strip() in html
    assert "/utskrift.css" in printed
    assert "/utskrift.css" not in seen
    [told] = await emitted(redis)
    assert isinstance(told, PageSketched), "no approver is told of it"
    assert (told.data, told.traceparent) == (event.data, event.traceparent)


def test_the_rules_for_paper_are_those_that_a_printer_gets() -> None:
    style = STYLE.read_text()
    rules = [line.strip() for line in on_paper(style).splitlines()[1:]]
    assert "@media print" not in on_paper(style)
    assert rules
    assert all(rule in style.partition("@media print")[2] for rule in rules)


async def test_of_many_sketches_only_the_last_has_files_and_an_event(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        for place, token in enumerate("abcd"):
            await tell(redis, sketched(WRITTEN, token, after=place))
        await all_handled(redis)
        await tell(redis, sketched(WRITTEN, "a", after=0))  # it comes again
        await all_handled(redis)
    assert drafts(conf) == both("d")
    assert [one.data.token[:1] for one in await emitted(redis)] == ["d"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("following", "left"),
    [
        pytest.param(submitted(WRITTEN, "b"), [f"utkast/{'b' * 32}/index.html"], id="submitted"),
        pytest.param(ArticleRevised.about(WRITTEN, traceparent=submitted(LIVE, "b").traceparent),
                     [], id="published"),
        pytest.param(ArticleRevised.about(withdrawal(WRITTEN),
                                          traceparent=submitted(LIVE, "b").traceparent),
                     [], id="withdrawn"),
    ],
)  # fmt: skip
async def test_a_sketch_ends_when_the_article_goes_on(
    redis_url: str, redis: Redis, following: Event, left: list[str]
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, LIVE)
        await tell(redis, sketched(WRITTEN, "a"))
        await all_handled(redis)
        assert drafts(conf) == both("a")
        await tell(redis, following)
        await all_handled(redis)
    assert drafts(conf) == left
    assert await redis.keys("render:sketch*") == []


async def test_what_is_written_after_a_submission_is_seen_beside_it(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    after = Revision.model_validate(WRITTEN.model_dump() | {"revision": WRITTEN.revision + 1})
    async with running(conf, redis_url):
        await tell(redis, submitted(WRITTEN, "a"))
        await tell(redis, sketched(after, "b", after=1))
        await all_handled(redis)
    assert drafts(conf) == [f"utkast/{'a' * 32}/index.html", *both("b")]
    assert {type(one) for one in await emitted(redis)} == {PagePreviewed, PageSketched}


async def test_a_sketch_goes_after_a_day(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, sketched(WRITTEN, "a"))
        await all_handled(redis)
    site_files = SiteFiles(conf.site_folder, conf.data / "site.locks")
    for days, left in ((1, both("a")), (2, [])):
        day = oslo_day(SUBMITTED_AT) + timedelta(days=days)
        writer = SiteWriter(Site.of(conf), Store(redis), site_files, today=lambda day=day: day)
        await writer.write_of_the_day()
        assert drafts(conf) == left
    assert await redis.keys("render:sketch*") == []
