"""A walk in which the staff do in the newsroom all that leaves something in Redis."""

import re

import httpx
from redis.asyncio import Redis

from services.ingest.deliveries.ask_of_delivery import AskOfDelivery
from services.ingest.people.person import Person
from tests.ingest.newsroom.desk.steps import FormFields, begin, write
from tests.ingest.newsroom.review.cases import form_of
from tests.ingest.newsroom.steps import NewsroomBrowser
from tests.make import alert
from tests.system.running import Up
from tests.system.steps import post

TRIAL = re.compile(r"http://\S+(/redaksjon/prov/\S+/)")
_EXPERT = re.compile(r"http://[^\s\"<]+(/redaksjon/fag/[\w-]+/)")


async def staff_write(up: Up, key: str) -> None:
    """In a system that is only tried: somebody logs in, writes, sees, is too late, asks an expert,
    and logs out everywhere."""
    waits = post(up, key, alert(title="Prøvomab kan gi utslett")).json()["id"]
    async with httpx.AsyncClient(base_url=up.url) as http, httpx.AsyncClient() as elsewhere:
        browser = NewsroomBrowser(http)
        [link] = TRIAL.findall(up.log())
        await browser.get(link)
        assert (await browser.send(link)).url.path == "/redaksjon/"
        sak = await begin(browser)
        await write(browser, sak, title="Eksempelinib kan skade leveren", body="Ta kontakt.")
        old = FormFields((await browser.get(f"{sak}skriv/")).text).dict()
        await write(browser, sak, title="Eksempelinib kan skade leveren, sier tilsynet")
        saved = await http.post(
            f"{sak}lagre",
            data=FormFields((await browser.get(f"{sak}skriv/")).text).dict(),
            headers={"Accept": "application/json"},
        )
        assert saved.status_code == 200, saved.text
        old |= {"title": "Noe annet", "sitting": "et-annet-vindu", "knapp": "lagre"}
        assert (await browser.send(f"{sak}skriv/", **old)).url.path == f"{sak}velg/"
        await browser.get(f"{sak}vis/")
        assert (await browser.send(f"{sak}vis/")).status_code == 200
        await browser.get(f"/redaksjon/sak/{waits}/fag/")
        asked = f"/redaksjon/sak/{waits}/fag/"
        await browser.send(asked, **form_of(browser, asked))
        found = _EXPERT.search(browser.page)
        assert found, browser.page
        expert = NewsroomBrowser(elsewhere)
        elsewhere.base_url = httpx.URL(up.url)
        await expert.get(found[1])
        said = form_of(expert, "#merknader") | {
            "navn": "Lise Lege",
            "merknad": "Bra.",
            "lest": "ja",
        }
        assert "Takk!" in (await expert.send(found[1], **said)).text
        await browser.get("/redaksjon/meg/")
        assert (await browser.send("/redaksjon/ut/overalt/")).status_code == 200


async def staff_have_failures_tried_again(redis: Redis, article: str) -> None:
    """As somebody asks for it on a receipt."""
    who = Person("0123456789ab", "Kari Eksempel", "approver")
    await AskOfDelivery(redis, approvals=0)(article, f"{article}.1", "again", "", who)
