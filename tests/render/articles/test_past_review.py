"""An alert that was to be looked at again by a day says so on its own page once that has passed."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.pages.pages import article_page
from services.render.site.precedence import Precedence
from services.render.site.rebuild_site import SiteKeeper
from services.render.site.site_files import SiteFiles
from services.render.site.write_behind import WriteBehind
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import SiteWriter
from shared.article import Lang
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, alert_fields, revision, settings
from tests.render.lives import later, withdrawal
from tests.render.reading import Page
from tests.render.running import kept
from tests.wait import until

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ())
LAST = date(2027, 5, 3)
DAY = timedelta(days=1)
SAID = "Dette varselet skulle vurderes på nytt senest 3. mai 2027."
FIELDS: dict[str, Any] = alert_fields() | {"review_by": LAST.isoformat()}


def warning(number: int, review_by: date | None = LAST, **fields: Any) -> Revision:
    day = review_by.isoformat() if review_by else None
    said = alert(title=f"Varsel nummer {number}", alert=FIELDS | {"review_by": day} | fields)
    return revision(said, id=f"varsel{number:06}", slug=f"varsel-{number}")


def page_on(day: date, of: Revision) -> Page:
    return Page(article_page(SITE, of, [], today=day))


def test_from_the_day_after_a_page_says_so_and_its_advice_stands() -> None:
    before, after = page_on(LAST, warning(1)).text, page_on(LAST + DAY, warning(1)).text
    assert SAID not in before
    assert "Vurderes på nytt senest 3. mai 2027." in before
    assert after.count("3. mai 2027") == 1, "nothing says any longer that it will be"
    assert after.index(SAID) < after.index("Ikke slutt på egen hånd")
    for advice in ("Ring 113", FIELDS["what_to_do"][0], FIELDS["stop_advice"]["text"]):
        assert advice in after


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", ("på nytt senest 3. mai 2027.", "snakk med lege eller apotek")),
        ("nn", ("på nytt seinast 3. mai 2027.", "snakk med lege eller apotek")),
        ("en", ("be reviewed by 3 May 2027.", "talk to a doctor or a pharmacy")),
    ],
)
def test_it_is_said_in_the_language_of_the_alert(lang: Lang, said: tuple[str, ...]) -> None:
    of = revision(alert(lang=lang, alert=FIELDS))
    text = page_on(LAST + DAY, of).text
    assert all(one in text for one in said), text


def test_what_is_no_warning_or_has_no_such_day_does_not_say_so() -> None:
    years_later = LAST + 1000 * DAY
    for of in (
        *(warning(1, None), warning(1, mode="exercise"), warning(1, mode="test")),
        *(withdrawal(warning(1)), later(warning(1), warning(1, years_later).article)),
    ):
        assert "skulle vurderes" not in page_on(years_later, of).text


class DatedSite:
    """A site whose day is what a test says, in a folder that outlives its keeper."""

    def __init__(self, redis: Redis, conf: Settings) -> None:
        self.day = LAST - 3 * DAY
        self.redis = redis
        files = SiteFiles(conf.site_folder, conf.data / "locks")
        self.writer = SiteWriter(Site.of(conf), Store(redis), files, lambda: self.day)
        self.found = FoundWriter(self.writer)
        self.folder = conf.site_folder

    def keeper(self) -> SiteKeeper:
        return SiteKeeper(self.writer, WriteBehind(self.found), Precedence(), check_every=0.01)

    def page(self, of: Revision) -> Path:
        return self.folder / of.path.strip("/") / "index.html"

    def says_so(self, of: Revision) -> bool:
        path = self.page(of)
        return path.exists() and "skulle vurderes på nytt" in path.read_text()


async def test_pages_are_written_anew_on_the_day_after_and_no_others(redis: Redis) -> None:
    conf = settings()
    site = DatedSite(redis, conf)
    passing = [warning(1), warning(2)]
    others = [warning(3, LAST + DAY), warning(4, None), warning(5, mode="exercise")]
    for one in (*passing, *others):
        await site.writer.store.keep(one)
    async with kept((site.keeper().keep_whole,)):
        await until((site.folder / ".look").exists)
        site.day = LAST
        await until(lambda: _noted(site, LAST))
        assert not any(map(site.says_so, passing))
        inodes = [site.page(one).stat().st_ino for one in others]
        site.day = LAST + DAY
        await until(lambda: all(map(site.says_so, passing)))
    assert [site.page(one).stat().st_ino for one in others] == inodes


async def _noted(site: DatedSite, day: date) -> bool:
    return await site.writer.store.day() == day and not await site.redis.exists("render:to_write")


async def test_what_passed_while_nothing_ran_says_so_at_the_next_start(redis: Redis) -> None:
    conf = settings()
    before = DatedSite(redis, conf)
    passed = [warning(number, LAST + number * DAY) for number in range(4)]
    for one in passed:
        await before.writer.store.keep(one)
    async with kept((before.keeper().keep_whole,)):
        await until((before.folder / ".look").exists)
        await until(lambda: _noted(before, before.day))
    now = DatedSite(redis, conf)
    now.day = LAST + 3 * DAY
    async with kept((now.keeper().keep_whole,)):
        await until(lambda: _noted(now, now.day))
    assert [now.says_so(one) for one in passed] == [True, True, True, False]


async def test_a_clock_that_was_ahead_and_is_set_right_takes_it_back(redis: Redis) -> None:
    site = DatedSite(redis, settings())
    await site.writer.store.keep(warning(1))
    async with kept((site.keeper().keep_whole,)):
        await until((site.folder / ".look").exists)
        site.day = LAST + 40 * DAY
        await until(lambda: site.says_so(warning(1)))
        site.day = LAST
        await until(lambda: not site.says_so(warning(1)))


async def test_the_machine_whose_day_begins_last_marks_them_once_more(redis: Redis) -> None:
    """Or it would write, a second before, what the other has marked, as of its own day."""
    first, last = DatedSite(redis, settings()), DatedSite(redis, settings())
    await first.writer.store.keep(warning(1))
    page = f"page {warning(1).id}"
    assert page in await first.found.day_changed(LAST, LAST + DAY)
    await first.writer.store.note_day(LAST + DAY)
    assert page in await last.found.day_changed(LAST, LAST + DAY)
    assert page not in await last.found.day_changed(LAST + DAY, LAST + 2 * DAY)


async def test_a_rebuild_writes_it_as_of_its_day(redis: Redis) -> None:
    site = DatedSite(redis, settings())
    await site.writer.store.keep(warning(1))
    site.day = LAST + DAY
    await asyncio.wait_for(site.keeper().rebuild(), 60)
    assert site.says_so(warning(1))
