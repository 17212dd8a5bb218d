"""A member may log in by a passkey too, once a letter has let them in."""

import html
import re
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.notify.ledger.expire_members import expire
from services.notify.letters.asked import LetterKind
from services.notify.members.member import Member
from services.notify.members.store import leave
from shared.visitors import sessions
from tests.authenticator import Authenticator
from tests.docs.privacy import kept_as_said
from tests.notify.member_pages.conftest import (
    SITE,
    Browser,
    Pages,
    newest_letter,
    sent_letters,
    text_of,
)

ONE, TWO = "medlem1@example.org", "medlem2@example.org"
PAGE = "/min-side/passnokkel/"
LONG_AGO = datetime.now(UTC) - timedelta(days=40)
_NEW_LETTER = -1
"""The last form of the page of passkeys, where one has to log in anew."""
_ASK = re.compile(r'action="([^"]*)" data-passkey="\w+" data-ask="([^"]*)"')
_TOKEN = re.compile(r'name="skjema" value="([0-9a-f]+)"')


def _asked(page: str) -> str:
    found = _ASK.search(page)
    assert found, "the page asks for no passkey"
    return html.unescape(found[2])


async def _answer(browser: Browser, page: str, svar: str) -> httpx.Response:
    """Press the page's button for a passkey, with what the authenticator answered."""
    action, token = _ASK.search(page), _TOKEN.search(page)
    assert action
    assert token
    return await browser.http.post(
        action[1],
        data={"skjema": token[1], "svar": svar},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    )


async def _with_passkey(pages: Pages, email: str = ONE) -> tuple[Browser, Authenticator]:
    browser, phone = pages.browser(), Authenticator(SITE)
    await browser.log_in(email)
    page = (await browser.open(PAGE)).text
    made = await _answer(browser, page, phone.make(_asked(page)))
    assert "Neste gang kan du logge inn med den" in text_of(made)
    told = await newest_letter(pages.parts)
    assert (told.asked.kind, told.asked.email) == (LetterKind.PASSKEY_ADDED, email)
    return browser, phone


async def _log_in(browser: Browser, phone: Authenticator) -> httpx.Response:
    page = (await browser.open("/min-side/")).text
    return await _answer(browser, page, phone.use(_asked(page)))


async def test_whoever_made_a_passkey_logs_in_without_a_letter(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    page = await _log_in(pages.browser(), phone)
    assert f"e-post til {ONE}" in text_of(page)


async def test_it_is_offered_once_a_letter_has_let_them_in(pages: Pages) -> None:
    browser = pages.browser()
    assert "Lag en passnøkkel" not in (await browser.open("/min-side/")).text
    assert (await browser.open(PAGE)).status_code == 303
    assert "Lag en passnøkkel" in text_of(await browser.log_in(ONE))


def _age(monkeypatch: pytest.MonkeyPatch) -> None:
    """What let anybody in by now was long ago."""
    now = time.time_ns() // 1000
    monkeypatch.setattr(sessions, "_now", lambda: now + sessions.FRESH_SECONDS * 1_000_000)


async def test_whom_a_passkey_let_in_makes_another_only_after_a_letter(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    browser, tablet = pages.browser(), Authenticator(SITE)
    await _log_in(browser, phone)
    page = await browser.open(PAGE)
    assert "data-ask" not in page.text
    assert "Bare den som leser e-posten din" in text_of(page)
    await browser.fill(page, form=_NEW_LETTER)
    code = (await newest_letter(pages.parts)).code
    back = await browser.send("/min-side/kode/", kode=code)
    assert back.url.path == PAGE
    made = await _answer(browser, back.text, tablet.make(_asked(back.text)))
    assert "Neste gang kan du logge inn med den" in text_of(made)
    assert f"e-post til {ONE}" in text_of(await _log_in(pages.browser(), tablet))


async def test_the_link_of_that_letter_leads_there_in_any_browser(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    browser = pages.browser()
    await _log_in(browser, phone)
    await browser.fill(await browser.open(PAGE), form=_NEW_LETTER)
    other = pages.browser()
    back = await other.send((await newest_letter(pages.parts)).path)
    assert back.url.path == PAGE
    assert _asked(back.text)


async def test_a_letter_of_long_ago_is_no_proof_and_no_new_session_makes_it_one(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = pages.browser()
    await browser.log_in(ONE)
    assert _asked((await browser.open(PAGE)).text)
    _age(monkeypatch)
    assert "data-ask" not in (await browser.open(PAGE)).text
    await pages.parts.membership.leave(1)
    await browser.send("/min-side/")  # «Meld meg på igjen»
    assert f"e-post til {ONE}" in text_of(await browser.open("/min-side/"))
    assert "data-ask" not in (await browser.open(PAGE)).text


async def test_what_a_page_asked_for_is_made_in_its_session_alone(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    browser, tablet = pages.browser(), Authenticator(SITE)
    await browser.log_in(ONE)
    answer = tablet.make(_asked((await browser.open(PAGE)).text))
    browser.http.cookies.delete("__Host-varsel-member")
    await _log_in(browser, phone)
    page = await browser.open(PAGE)
    token = _TOKEN.search(page.text)
    assert token
    refused = await browser.http.post(
        PAGE, data={"skjema": token[1], "svar": answer}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert refused.status_code == 403
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), tablet))


@pytest.mark.parametrize("kind", [LetterKind.PASSKEY_ADDED, LetterKind.PASSKEY_REMOVED])
async def test_the_link_of_what_tells_of_a_passkey_shuts_everybody_out_but_by_letter(
    pages: Pages, kind: LetterKind
) -> None:
    thief, first, second = pages.browser(), Authenticator(SITE), Authenticator(SITE)
    await thief.log_in(ONE)
    for phone in (first, second):
        page = (await thief.open(PAGE)).text
        await _answer(thief, page, phone.make(_asked(page)))
    if kind is LetterKind.PASSKEY_REMOVED:
        await sent_letters(pages.parts)
        page_now = await thief.open(PAGE)
        id_ = re.findall(r'name="fjern" value="([^"]+)"', page_now.text)[0]
        await thief.fill(page_now, fjern=id_)
    letter = (await sent_letters(pages.parts))[-1]
    assert letter.asked.kind is kind
    mine = pages.browser()
    assert "Ja, fjern alle" in (await mine.open(letter.path)).text
    assert ONE in text_of(await thief.open("/min-side/")), "the link was only looked at"
    assert "Alle passnøkler er fjernet" in text_of(await mine.send(letter.path))
    assert ONE not in text_of(await thief.open("/min-side/"))
    for phone in (first, second)[kind is LetterKind.PASSKEY_REMOVED :]:
        assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))
    assert (await mine.open(letter.path)).status_code == 404
    assert ONE in text_of(await mine.log_in(ONE))


async def test_nobody_gets_in_by_anothers_answer_or_by_an_unchecked_one(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    unchecked = Authenticator(SITE, verifies=False, credentials=phone.credentials)
    elsewhere = Authenticator("https://annen.example.net", credentials=phone.credentials)
    stranger = Authenticator(SITE)
    stranger.make('{"user": {"id": "YQ"}, "rp": {"id": "x"}, "challenge": "YQ"}')
    for one in (unchecked, elsewhere, stranger):
        browser = pages.browser()
        refused = await _log_in(browser, one)
        assert "slapp deg ikke inn" in text_of(refused)
        assert ONE not in text_of(await browser.open("/min-side/"))


async def test_an_answer_counts_once_and_in_its_own_browser(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    mine, other = pages.browser(), pages.browser()
    page = (await mine.open("/min-side/")).text
    answer = phone.use(_asked(page))
    others = (await other.open("/min-side/")).text
    assert "slapp deg ikke inn" in text_of(await _answer(other, others, answer))
    assert ONE in text_of(await _answer(mine, page, answer))
    mine.http.cookies.delete("__Host-varsel-member")
    again = (await mine.open("/min-side/")).text
    assert "slapp deg ikke inn" in text_of(await _answer(mine, again, answer))
    assert await kept_as_said(pages.redis, "notify:challenge:{id}")
    assert await kept_as_said(pages.redis, "notify:passkeys:{number}")


async def test_a_removed_passkey_lets_nobody_in(pages: Pages) -> None:
    browser, phone = await _with_passkey(pages)
    page = await browser.open(PAGE)
    id_ = re.findall(r'name="fjern" value="([^"]+)"', page.text)[0]
    removed = await browser.fill(page, fjern=id_)
    assert "er fjernet" in text_of(removed)
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))


async def test_nobody_removes_anothers(pages: Pages) -> None:
    first, phone = await _with_passkey(pages)
    second, _ = await _with_passkey(pages, TWO)
    id_ = re.findall(r'name="fjern" value="([^"]+)"', (await first.open(PAGE)).text)[0]
    await second.fill(await second.open(PAGE), fjern=id_)
    assert ONE in text_of(await _log_in(pages.browser(), phone))


async def test_it_lets_in_whoever_left_and_came_back_with_another_number(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    await pages.parts.membership.leave(1)
    assert "Du er meldt av" in text_of(await _log_in(pages.browser(), phone))
    await pages.parts.membership.come_back(1)
    assert f"e-post til {ONE}" in text_of(await _log_in(pages.browser(), phone))
    again = pages.browser()
    await _log_in(again, phone)
    assert "Fjern" in text_of(await again.open(PAGE))


async def test_who_left_an_address_is_not_let_in_as_the_next_who_moves_there(pages: Pages) -> None:
    """Neither by a passkey nor by a browser in which they are logged in: it may be another person,
    as with the address of an office."""
    before, phone = await _with_passkey(pages)
    await pages.parts.membership.leave(1)
    mover = pages.browser()
    await mover.log_in(TWO)
    await mover.send("/min-side/adresse/", epost=ONE)
    move = await newest_letter(pages.parts)
    answer = await mover.send("/min-side/adresse/kode/", kode=move.code)
    assert "Adressen er byttet" in text_of(answer)
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))
    assert "Logg inn" in text_of(await before.open("/min-side/"))
    assert f"e-post til {ONE}" in text_of(await mover.open("/min-side/"))


async def test_who_has_left_removes_theirs_and_makes_no_other(pages: Pages) -> None:
    browser, phone = await _with_passkey(pages)
    asked = (await browser.open(PAGE)).text
    answer = phone.make(_asked(asked))
    await pages.parts.membership.leave(1)
    assert f'href="{PAGE}"' in (await browser.open("/min-side/")).text
    await _answer(browser, asked, answer)
    page = await browser.open(PAGE)
    assert "Lag en passnøkkel" not in page.text
    [id_] = re.findall(r'name="fjern" value="([^"]+)"', page.text)
    assert "er fjernet" in text_of(await browser.fill(page, fjern=id_))
    assert f'href="{PAGE}"' not in (await browser.open("/min-side/")).text
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))


async def _expired(pages: Pages) -> int:
    """How many records went of members who left; the first one left long ago."""
    return await expire(pages.redis, pages.parts.membership, 30)


async def test_it_lets_in_who_came_back_also_once_the_record_of_before_is_gone(
    pages: Pages,
) -> None:
    _, phone = await _with_passkey(pages)
    await leave(pages.redis, 1, at=LONG_AGO)
    member = Member(ONE, "Kåre", "nb", "c")
    number = await pages.parts.membership.join(member)
    assert await _expired(pages) == 1
    browser = pages.browser()
    assert f"e-post til {ONE}" in text_of(await _log_in(browser, phone))
    assert "Fjern" in text_of(await browser.open(PAGE))
    await leave(pages.redis, number, at=LONG_AGO)
    assert await _expired(pages) == 1
    assert await pages.redis.keys("notify:passkeys:*") == []


async def test_who_is_erased_after_that_leaves_no_passkey(pages: Pages) -> None:
    await _with_passkey(pages)
    await leave(pages.redis, 1, at=LONG_AGO)
    number = await pages.parts.membership.join(Member(ONE, "Kåre", "nb", "c"))
    await _expired(pages)
    await pages.parts.membership.erase(number)
    assert await pages.redis.keys("notify:passkeys:*") == []


async def test_it_goes_with_the_member(pages: Pages) -> None:
    _, phone = await _with_passkey(pages)
    await pages.parts.membership.erase(1)
    assert await pages.redis.keys("notify:passkeys:*") == []
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))


async def test_who_undoes_a_move_shuts_out_whoever_made_a_passkey_meanwhile(pages: Pages) -> None:
    thief, phone = await _with_passkey(pages)
    await thief.send("/min-side/adresse/", epost="tyv@example.org")
    await thief.send("/min-side/adresse/kode/", kode=(await newest_letter(pages.parts)).code)
    undo = await newest_letter(pages.parts)
    assert undo.asked.kind is LetterKind.MOVED
    await pages.browser().send(undo.path)
    assert "slapp deg ikke inn" in text_of(await _log_in(pages.browser(), phone))


async def test_everything_about_a_member_has_their_passkeys_in_it(pages: Pages) -> None:
    browser, _ = await _with_passkey(pages)
    document = (await browser.open("/min-side/alt.json")).json()
    assert [sorted(one) for one in document["passnokler"]] == [
        ["laget", "offentlig_nokkel", "sist_brukt"]
    ]


@pytest.mark.parametrize("path", ["/min-side/simplewebauthn.js", "/min-side/passkey.js"])
async def test_the_scripts_are_ours(pages: Pages, path: str) -> None:
    answer = await pages.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert (await pages.http.get("/min-side/annet.js")).status_code == 404
