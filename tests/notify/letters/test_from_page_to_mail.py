"""A person asks on a page, reads the letter, and comes in: pages, sender and relay together."""

import httpx
import pytest

from services.notify.letters import send_letters
from shared.service import Service
from tests.notify.letters.steps import code_of, mail_to, said, token_of
from tests.notify.system import System, serving
from tests.visitor import Visitor

KARI = "kari@example.org"


def visitor(service: Service, on: System) -> Visitor:
    transport = httpx.ASGITransport(service.http, client=("192.0.2.1", 1))
    return Visitor(httpx.AsyncClient(transport=transport, base_url=on.settings.site))


async def test_who_asks_on_a_page_is_mailed_without_waiting_for_the_next_look(
    notify: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_letters, "LOOK_SECONDS", 3600.0)
    await notify.join(KARI)
    async with serving(notify) as service:
        person = visitor(service, notify)
        await person.send("/min-side/", epost=KARI)
        mail = await mail_to(notify, KARI)
        page = await person.send("/min-side/kode/", kode=code_of(mail))
        assert KARI in page.text
        await person.http.aclose()


async def test_a_link_that_a_scanner_has_opened_still_works_for_the_person(
    notify: System,
) -> None:
    await notify.join(KARI)
    async with serving(notify) as service:
        person, scanner = visitor(service, notify), visitor(service, notify)
        await person.send("/min-side/", epost=KARI)
        mail = await mail_to(notify, KARI)
        link = f"{notify.settings.site}/min-side/inn/{token_of(mail)}"
        assert link in said(mail)
        for method in ("HEAD", "GET", "GET"):
            await scanner.http.request(method, link)
        page = await person.send(link)
        assert KARI in page.text
        again = await scanner.http.get(link)
        assert KARI not in again.text
        for browser in (person, scanner):
            await browser.http.aclose()
