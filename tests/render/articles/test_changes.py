"""Corrections, withdrawals, exercises and days: what readers are told, and where."""

import json
from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import feedparser
import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.articles.teaser import Teaser
from services.render.feeds.feeds import atom, json_feed
from services.render.look.templates import Site
from services.render.pages.pages import article_page, front_page
from services.render.site.precedence import Precedence
from services.render.site.rebuild_site import SiteKeeper
from services.render.site.site_files import SiteFiles
from services.render.site.write_behind import WriteBehind
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import SiteWriter
from shared.events import ArticleRevised, ArticleWithdrawn
from shared.revision import Revision
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.events import seal, sealed, submitted
from tests.render.lives import every_alert_field, later, withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, files, kept, publish, running, tell
from tests.wait import until

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ())
FIRST = revision(alert())
CORRECTED = later(FIRST, revision=3)
EDITED = later(CORRECTED, revision=4, change={"kind": "edit", "note": "Rettet en skrivefeil."})
WITHDRAWN = withdrawal(EDITED, revision=7)


def page_of(of: Revision) -> Page:
    return Page(article_page(SITE, of, []))


def nynorsk(of: Revision) -> Revision:
    return of.model_copy(update={"article": alert(lang="nn")})


def test_a_corrected_page_says_what_changed_before_anything_else() -> None:
    text = page_of(CORRECTED).text
    banner = text.index("Rettet 1. september 2026. Dosen var feil.")
    assert banner < text.index("Alvorlighetsgrad:")
    assert banner < text.index(FIRST.article.lead)


def test_an_edit_after_a_correction_does_not_take_it_back() -> None:
    text = page_of(EDITED).text
    assert "Rettet 1. september 2026. Dosen var feil." in text
    assert text.count("Rettet en skrivefeil.") == 1, "an edit is in the history only"
    assert Teaser.of(EDITED).change == "correction"


def test_an_edit_alone_marks_nothing() -> None:
    edited = later(FIRST, change={"kind": "edit"})
    assert "banner" not in article_page(SITE, edited, [])
    assert "Oppdatert" in page_of(edited).text
    assert Teaser.of(edited).change is None


def test_the_history_has_each_published_revision_with_its_time() -> None:
    text = page_of(WITHDRAWN).text
    history = text[text.index("Endringer") :]
    order = [
        "1. september 2026 kl. 12.00: Publisert",
        "1. september 2026 kl. 13.00: Rettet. Dosen var feil.",
        "1. september 2026 kl. 14.00: Oppdatert. Rettet en skrivefeil.",
        "1. september 2026 kl. 15.00: Trukket. Opplysningene var feil.",
    ]
    places = [history.index(line) for line in order]
    assert places == sorted(places)
    assert "Endringer" not in page_of(FIRST).text


def test_a_withdrawn_alert_says_why_first_and_is_recognised_by_those_who_would_mail_it() -> None:
    page = page_of(WITHDRAWN)
    assert "Trukket 1. september 2026. Opplysningene var feil. Dette varselet er" in page.text
    assert {"name": "varsel-withdrawn", "content": "a1b2c3d4e5f6/7"} in page.all("meta")


@pytest.mark.parametrize(
    ("of", "title", "first"),
    [
        (FIRST, "", ""),
        (CORRECTED, "RETTET: ", "Rettet: Dosen var feil. "),
        (EDITED, "RETTET: ", "Rettet: Dosen var feil. "),
        (WITHDRAWN, "TRUKKET: ", "Trukket: Opplysningene var feil. "),
        (nynorsk(CORRECTED), "RETTA: ", "Retta: Dosen var feil. "),
        (nynorsk(WITHDRAWN), "TREKT: ", "Trekt: Opplysningene var feil. "),
    ],
)
def test_feeds_keep_the_entrys_id_and_say_first_what_changed(
    of: Revision, title: str, first: str
) -> None:
    [entry] = feedparser.parse(atom(SITE, [Teaser.of(of)])).entries
    assert entry.id == feedparser.parse(atom(SITE, [Teaser.of(FIRST)])).entries[0].id
    assert entry.title == title + FIRST.article.title
    assert entry.summary == first + FIRST.article.lead
    [item] = json.loads(json_feed(SITE, [Teaser.of(of)]))["items"]
    assert (item["title"], item["content_text"]) == (entry.title, entry.summary)
    assert item["summary"].startswith(first)
    change = item["_varsel"]["change"]
    assert (change["kind"] if change else None) == Teaser.of(of).change
    assert item["_varsel"]["withdrawn"] is title.startswith(("TRUKKET", "TREKT"))


def test_lists_mark_what_is_corrected() -> None:
    corrected_news = Teaser.of(later(revision(news())))
    text = Page(front_page(SITE, [Teaser.of(CORRECTED), corrected_news], [])).text
    assert "Rettet · Sikkerhetsvarsel · alvorlig" in text
    assert f"Rettet {news().title}" in text


def test_every_optional_field_of_an_alert_is_on_its_page() -> None:
    page = page_of(revision(alert(alert=every_alert_field())))
    for text in (
        *("Hva det dreier seg om: bivirkning", "Når du bør gjøre noe: snart"),
        *(
            "Hvor sikkert det er: har skjedd",
            "Særlig utsatt: De som er 65 år eller eldre; De som røyker",
        ),
        *("Gjelder ved: Ulcerøs kolitt", "Batchnummer: A1234, B5678"),
        "Gjelder fra 1. september 2026. Vurderes på nytt senest 1. desember 2126.",
        "Også varslet av: EMA (EMA/1/2026), Helsedirektoratet",
        "For helsepersonell: eksempelinib: ATC L04AA29 (til 31. desember 2023), "
        "L04AF01 (fra 1. januar 2024); prøvomab: ATC L04AF02.",
    ):
        assert text in page.text, text
    page.assert_harmless()
    assert "https://ema.example.org/1" in [link["href"] for link in page.all("a")]


def test_nothing_stands_for_a_field_that_is_not_given() -> None:
    text = page_of(FIRST).text
    for word in (
        *(
            "dreier seg om",
            "Når du bør",
            "Hvor sikkert",
            "Særlig utsatt",
            "Gjelder ved",
            "Batchnummer",
        ),
        *("Gjelder fra", "Vurderes på nytt", "Også varslet av", "For helsepersonell", "ATC"),
    ):
        assert word not in text, word


@pytest.mark.parametrize(("mode", "word"), [("exercise", "ØVELSE"), ("test", "TEST")])
async def test_an_exercise_and_a_test_have_a_page_that_says_so_and_are_only_where_they_are(
    redis_url: str, redis: Redis, mode: str, word: str
) -> None:
    conf = settings()
    tried = revision(alert(title="Et varsel på prøve", alert=alert_fields() | {"mode": mode}))
    async with running(conf, redis_url):
        await publish(redis, tried)
        await publish(redis, revision(slug="en-annen", id="enannensak00"))
        await all_handled(redis)
    for name in files(conf):
        text = (conf.site_folder / name).read_bytes().decode(errors="replace")
        if name == "nyheter/en-sak/index.html":
            page = Page(text)
            assert f"{word}. Dette er en" in page.text
            assert {"name": "robots", "content": "noindex"} in page.all("meta")
            assert "varsel-revision" in text, "who mails it must see that it is there"
        elif name in ("ovelser/feed.atom", "ovelser/feed.json"):
            assert f"{word}: {tried.article.title}" in text
        elif not name.endswith(".cap.xml"):
            assert tried.article.title not in text, name
            assert "/nyheter/en-sak/" not in text, name
    assert (
        f"<status>{mode.capitalize()}</status>"
        in (conf.site_folder / f"varsler/{tried.id}/1.cap.xml").read_text()
    )


async def test_withdrawn_news_is_gone_in_whatever_order_its_events_come(
    redis_url: str, redis: Redis
) -> None:
    first = revision(news())
    events = ((first, ArticleRevised), (later(first), ArticleRevised))
    for order in permutations((*events, (withdrawal(later(first)), ArticleWithdrawn))):
        conf = settings()
        async with running(conf, redis_url), running(conf, redis_url, "render-2"):
            for of, event in order:
                await publish(redis, of, event)
            await all_handled(redis)
        assert [path.name for path in (conf.site_folder / "nyheter/en-sak").iterdir()] == [
            ".gone.html"
        ]
        await redis.flushall()


async def test_each_published_revision_of_an_alert_stays_a_cap_message_in_whatever_order_they_come(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, WITHDRAWN, ArticleWithdrawn)
        await publish(redis, CORRECTED, ArticleRevised)
        await publish(redis, FIRST)
        await publish(redis, EDITED, ArticleRevised)
        await all_handled(redis)
    folder = conf.site_folder / "varsler" / FIRST.id
    kinds = {1: "Alert", 3: "Update", 4: "Update", 7: "Cancel"}
    assert {path.name for path in folder.iterdir()} == {f"{n}.cap.xml" for n in kinds}
    for number, kind in kinds.items():
        assert f"<msgType>{kind}</msgType>" in (folder / f"{number}.cap.xml").read_text()
    assert "<entry>" not in (conf.site_folder / "varsler/feed.atom").read_text()


async def test_all_of_it_is_made_again_from_redis(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        for of, event in ((FIRST, ArticleRevised), (CORRECTED, ArticleRevised)):
            await publish(redis, of, event)
        gone = revision(slug="borte", id="borte0000001")
        await publish(redis, gone)
        await publish(redis, withdrawal(gone), ArticleWithdrawn)
        await tell(redis, submitted(later(CORRECTED), "a"))
        await tell(redis, sealed(seal(0, 7)))
        await all_handled(redis)
        await until((conf.site_folder / ".look").exists)
    empty = settings(site_url=conf.site)
    async with running(empty, redis_url) as service, kept(service.loops):
        await until((empty.site_folder / ".look").exists)
        await all_handled(redis)
    assert {"nyheter/borte/.gone.html", f"utkast/{'a' * 32}/index.html"} <= set(files(empty))
    written = {name: (conf.site_folder / name).read_bytes() for name in files(conf)}
    assert {name: (empty.site_folder / name).read_bytes() for name in files(empty)} == written


def writer_on(redis: Redis, today: Callable[[], date]) -> SiteWriter:
    conf = settings()
    files_of_site = SiteFiles(conf.site_folder, conf.data / "locks")
    return SiteWriter(Site.of(conf), Store(redis), files_of_site, today)


async def test_a_warning_comes_and_goes_with_its_days(redis: Redis) -> None:
    """On the front page and in the index of CAP messages, without any event."""
    day = date(2026, 8, 31)
    writer = writer_on(redis, lambda: day)
    await writer.store.keep(revision(alert(alert=every_alert_field())))
    folder = writer.files._folder

    def shown(name: str, text: str) -> bool:
        path = folder / name
        return path.exists() and text in path.read_text()

    behind = WriteBehind(FoundWriter(writer))
    keeper = SiteKeeper(writer, behind, Precedence(), check_every=0.01)
    async with kept((keeper.keep_whole,)):
        await until((folder / ".look").exists)
        for now, valid in (
            *((date(2026, 8, 31), False), (date(2026, 9, 1), True)),
            *((date(2126, 12, 1), True), (date(2126, 12, 2), False)),
        ):
            day = now
            await until(lambda v=valid: shown("varsler/feed.atom", "<entry>") is v)  # type: ignore[misc]
            await until(lambda v=valid: shown("index.html", "som gjelder nå") is v)  # type: ignore[misc]


async def test_the_index_does_not_get_older_when_a_warning_ends(redis: Redis) -> None:
    day = date(2026, 9, 2)
    writer = writer_on(redis, lambda: day)
    await writer.store.keep(revision(alert(alert=every_alert_field())))
    await writer.write_cap_index()
    index = writer.files._folder / "varsler/feed.atom"
    before = feedparser.parse(index.read_text())
    day = date(2127, 1, 1)
    await writer.write_cap_index()
    after = feedparser.parse(index.read_text())
    assert (len(before.entries), len(after.entries)) == (1, 0)
    assert after.feed.updated == before.feed.updated == "2026-09-01T10:00:00+00:00"


def test_the_front_page_warns_of_the_three_newest_that_are_severe() -> None:
    def warning(number: int, severity: str) -> Teaser:
        fields: dict[str, Any] = alert_fields() | {"severity": severity}
        return Teaser.of(revision(alert(title=f"Varsel {number}", alert=fields)))

    valid = [
        *(warning(1, "moderate"), warning(2, "extreme"), warning(3, "severe")),
        *(warning(4, "minor"), warning(5, "severe"), warning(6, "extreme")),
    ]
    text = Page(front_page(SITE, [], valid)).text
    order = ["Svært alvorlig: Varsel 2", "Alvorlig: Varsel 3", "Alvorlig: Varsel 5"]
    places = [text.index(line) for line in order]
    assert places == sorted(places)
    assert not [n for n in (1, 4, 6) if f"Varsel {n}" in text]


async def test_a_warning_that_is_withdrawn_holds_no_longer(redis: Redis) -> None:
    writer = writer_on(redis, lambda: date(2026, 9, 2))
    index = writer.files._folder / "varsler/feed.atom"
    first = revision(alert(alert=every_alert_field()))
    for of, entries in ((first, 1), (withdrawal(first), 0)):
        await writer.store.keep(of)
        await writer.write_cap_index()
        assert len(feedparser.parse(index.read_text()).entries) == entries
