"""What the association says of itself: the site follows, and no alert waits for that."""

from redis.asyncio import Redis

from shared.article import Picture
from shared.events import SubjectChanged, to_fields
from shared.identity import Identity, MenuLink
from shared.settings import Settings
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import alert, news, revision, settings
from tests.render.reading import Page
from tests.render.running import all_handled, dress, kept, page_file, publish, running
from tests.wait import until

WHOLE = Identity(
    name="Eksempelforeningen for tester",
    logo=Picture(name="logo-0123456789ab.png", width=400, height=100),
    accent="#5a2d82",
    accent_2="#7a3b00",
    menu=(MenuLink(text="Om oss", to="/om-oss/"),),
    footer=(MenuLink(text="Personvern", to="/personvern/"),),
    postal_address="Storgata 1, 0155 Oslo",
    telephone="22 00 00 00",
    email="post@example.org",
    organisation_number="974760673",
    join="https://medlem.example.org/inn",
    appeal_title="Sterkere sammen!",
    appeal="Jo flere vi er, jo sterkere stemme får vi.",
)
_ARTICLES = 12


async def _published(redis: Redis, articles: int = _ARTICLES) -> None:
    for number in range(articles):
        of = revision(news(title=f"Sak {number}"), id=f"sak{number:08}", slug=f"sak-{number}")
        await publish(redis, of)
    await all_handled(redis)


def _follows(conf: Settings, name: str) -> bool:
    pages = list(conf.site_folder.rglob("*.html"))
    return all(name in page.read_text() for page in pages)


async def test_the_whole_site_follows_what_the_association_says(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        await _published(redis)
        await publish(redis, revision(alert(), id="alert0000001", slug="varselet"))
        await dress(redis, WHOLE)
        await until(lambda: _follows(conf, "Eksempelforeningen for tester"))
        await dress(redis, WHOLE.model_copy(update={"name": "Gammelt"}))
        await publish(redis, revision(news(title="Ny"), id="ny0000000001", slug="ny"))
        await all_handled(redis)
    page = Page((conf.site_folder / "nyheter/sak-7/index.html").read_text())
    page.assert_harmless()
    for said in ("Storgata 1, 0155 Oslo", "22 00 00 00", "974 760 673", "Sterkere sammen!"):
        assert said in page.text
    links = {link["href"] for link in page.all("a")}
    assert {"/om-oss/", "/personvern/", "tel:22000000", "mailto:post@example.org"} <= links
    assert {"/varsler/", "/nyheter/", "/min-side/", "/for-fagfolk/", WHOLE.join} <= links
    assert page.all("img")[0]["src"] == "/assets/logo-0123456789ab.png"
    assert "Gammelt" not in (conf.site_folder / "nyheter/ny/index.html").read_text()
    style = (conf.site_folder / "style.css").read_text()
    assert style.count("--accent: #5a2d82;") == 1
    for name in ("favicon.svg", "site.webmanifest"):
        assert "#5a2d82" in (conf.site_folder / name).read_text()
    not_found = Page((conf.site_folder / ".not-found.html").read_text())
    assert "Søk etter det du leter etter" in not_found.text
    assert "tel:22000000" in {link["href"] for link in not_found.all("a")}


async def test_whoever_joins_elsewhere_is_led_there_from_every_page(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    subject = Subject(id="exempla", name="Exempla", substance="eksempelinib", brands=("Exempla",))
    told = SubjectChanged.about(subject, 2, traceparent=new_traceparent())
    async with running(conf, redis_url) as service, kept(service.loops):
        await dress(redis, WHOLE)
        await redis.xadd("reference", to_fields(told))  # type: ignore[arg-type]
        await all_handled(redis, "reference")
        await publish(redis, revision(alert(), id="alert0000001", slug="varselet"))
        await publish(redis, revision(news(topics=["Kurs"]), id="sak00000001", slug="sak"))
        await all_handled(redis)
        await until(lambda: _follows(conf, WHOLE.name or ""))
    pages = {
        str(file.relative_to(conf.site_folder)): Page(file.read_text())
        for file in conf.site_folder.rglob("*.html")
    }
    assert {"medisin/exempla/index.html", "varsler/index.html", "index.html"} <= set(pages)
    for name, page in pages.items():
        joins = {link["href"] for link in page.all("a") if "medlem" in (link["href"] or "")}
        assert joins == {WHOLE.join}, name


async def test_nobody_is_asked_to_join_inside_an_alert(redis_url: str, redis: Redis) -> None:
    conf = settings()
    one = revision(alert(), id="alert0000001", slug="varselet")
    async with running(conf, redis_url):
        await dress(redis, WHOLE)
        await publish(redis, one)
        await publish(redis, revision(news(), id="sak00000001", slug="sak"))
        await all_handled(redis)
    inside = page_file(conf, one).read_text().partition("<main")[2].partition("</main>")[0]
    assert "Bli medlem" not in inside
    assert "Sterkere sammen" not in inside
    other = (conf.site_folder / "nyheter/sak/index.html").read_text()
    assert "Sterkere sammen!" in other


async def test_an_alert_is_live_while_the_whole_site_is_being_written(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    first = conf.site_folder / "nyheter/sak-0/index.html"  # written last: the oldest
    one = revision(alert(), id="alert0000001", slug="varselet")
    pages = [conf.site_folder / f"nyheter/sak-{number}/index.html" for number in range(60)]
    async with running(conf, redis_url) as service, kept(service.loops):
        await _published(redis, 60)
        await until((conf.site_folder / ".look").exists)
        await dress(redis, WHOLE)
        await publish(redis, one)
        await until(page_file(conf, one).exists)
        followed = sum(WHOLE.name in page.read_text() for page in pages)  # type: ignore[operator]
        is_meanwhile = WHOLE.name not in first.read_text()  # type: ignore[operator]
        await until(lambda: _follows(conf, "Eksempelforeningen for tester"))
    assert is_meanwhile
    # The alert waits for the file that is being written, and not for the rest: counted in pages,
    # since a clock would count what else the machine has to do.
    assert followed <= _ARTICLES
