"""Whoever writes sees the page and the mail that it would be, before it is whole, in frames that
nothing gets out of."""

from datetime import UTC, datetime

from services.ingest.newsroom.seeing.framed import links_elsewhere
from shared.bus.streams import entries
from shared.event_data import MailSketch
from shared.events import ArticleSketched, Event, MailSketched, PageSketched, from_fields, to_fields
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import begin, write
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody
from tests.wait import until


async def asked(ingest: Ingest) -> list[ArticleSketched]:
    found = [from_fields(fields) for _, fields in await entries(ingest.redis, "articles")]
    return [one for one in found if isinstance(one, ArticleSketched)]


async def answered(ingest: Ingest, event: ArticleSketched) -> None:
    """As render and notify answer."""
    revision, known = event.data.revision, {"subject": event.subject, "time": datetime.now(UTC)}
    known |= {"traceparent": event.traceparent}
    page = PageSketched(id="page", source="/varsel/render", data=event.data, **known)
    said = MailSketch(
        article=revision.id,
        sha256=revision.sha256,
        subject=f"Sikkerhetsvarsel: {revision.article.title}",
        text="Tekst",
        html="<!doctype html><html><head><title>a</title></head><body>Hei</body></html>",
    )
    mail = MailSketched(id="mail", source="/varsel/notify", data=said, **known)
    both: tuple[tuple[str, Event], ...] = (("pages", page), ("deliveries", mail))
    for stream, one in both:
        await ingest.redis.xadd(stream, to_fields(one))  # type: ignore[arg-type]


async def state(browser: NewsroomBrowser, seeing: str) -> dict[str, object]:
    found: dict[str, object] = (await browser.http.get(f"{seeing}tilstand")).json()
    return found


async def test_what_is_typed_so_far_is_seen_as_page_and_mail_and_what_is_missing_is_named(
    ingest: Ingest,
) -> None:
    await ingest.bus.start()
    kari = await somebody(ingest, "Kari Eksempel")
    async with browser_of(ingest, kari) as browser:
        sak = await begin(browser)
        seeing = f"{sak}vis/"
        await write(browser, sak, title="Exempla kan skade leveren", body="Ta 2*500 mg.")
        assert "Den er ikke vist ennå" in (await browser.get(seeing)).text
        assert await asked(ingest) == [], "a GET changes nothing"
        page = await browser.send(seeing)
        assert "[Mangler: …]" in page.text
        assert "Ingress: mangler" in page.text
        assert "valgt hvor alvorlig det er og om de skal slutte med medisinen ennå" in page.text
        assert page.headers["refresh"] == "1; url=?selv", (
            "no script is needed to see it when it is there"
        )
        [event] = await asked(ingest)
        revision = event.data.revision
        assert revision.article.title == "Exempla kan skade leveren"
        assert revision.article.lead == "[Mangler: Ingress]"
        assert (revision.revision, revision.authors, revision.approvals) == (1, (), ())
        assert "Lages" in (await browser.get(f"{seeing}epost")).text
        await answered(ingest, event)

        async def there() -> bool:
            found = await state(browser, seeing)
            return bool(found["page"] and found["mail"])

        await until(there)
        side = await browser.http.get(f"{seeing}side")
        assert (side.status_code, side.headers["location"]) == (303, event.data.path)
        paper = await browser.http.get(f"{seeing}utskrift")
        assert paper.headers["location"] == f"{event.data.path}utskrift/"
        mail = await browser.http.get(f"{seeing}epost")
        assert '<head><base target="_blank"><title>' in mail.text
        policy = mail.headers["content-security-policy"]
        assert "sandbox allow-popups" in policy
        assert "frame-ancestors 'self'" in policy
        assert "script-src" not in policy
        page = await browser.get(seeing)
        assert "refresh" not in page.headers
        assert "Du ser teksten slik den er lagret" in page.text
        assert "Sikkerhetsvarsel: Exempla kan skade leveren" in page.text
        assert "'unsafe-inline'" not in page.headers["content-security-policy"]


async def test_a_text_that_was_saved_since_is_told_of_and_asked_for_once(ingest: Ingest) -> None:
    await ingest.bus.start()
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as browser:
        address = await begin(browser)
        seeing = f"{address}vis/"
        await write(browser, address, title="Exempla kan skade leveren")
        await browser.get(seeing)
        for _ in range(2):
            await browser.send(seeing)
        assert len(await asked(ingest)) == 1
        assert (await state(browser, seeing))["current"] is True
        await write(browser, address, title="Exempla kan skade nyrene")
        assert (await state(browser, seeing))["current"] is False
        assert "Teksten er endret siden" in (await browser.get(seeing)).text
        await browser.send(seeing)
        [event] = await asked(ingest)
        assert event.data.revision.article.title == "Exempla kan skade nyrene"


async def test_a_sketch_is_neither_an_article_nor_a_submission(ingest: Ingest) -> None:
    await ingest.bus.start()
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as browser:
        address = await begin(browser)
        await browser.get(f"{address}vis/")
        await browser.send(f"{address}vis/")
    article = address.split("/")[-2]
    assert (await ingest.http.get(f"/api/articles/{article}")).status_code == 404
    kinds = {from_fields(fields).type for _, fields in await entries(ingest.redis, "articles")}
    assert kinds == {"article.sketched"}
    assert await ingest.redis.keys("ingest:preview:*") == []


async def test_news_has_no_mail_and_strangers_see_nothing(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as browser:
        seeing = (await begin(browser, "nyhet")) + "vis/"
        assert "sendes ikke på e-post" in (await browser.get(seeing)).text
        assert "sendes ikke på e-post" in (await browser.get(f"{seeing}epost")).text
    async with browser_of(ingest) as stranger:
        for below in ("", "side", "epost", "utskrift", "tilstand"):
            answer = await stranger.http.get(f"{seeing}{below}")
            after = "" if below else f"?til={seeing}"
            assert answer.headers["location"] == f"/redaksjon/inn/{after}", below


def test_links_of_a_mail_open_elsewhere_however_it_begins() -> None:
    base = '<base target="_blank">'
    assert links_elsewhere("<p>a</p>") == f"{base}<p>a</p>"
    assert links_elsewhere("<!doctype html>\n<html lang='nb'>\n<head>\n<title>") == (
        f"<!doctype html>\n<html lang='nb'>\n<head>{base}\n<title>"
    )
