"""Joining: the answer is the same whoever asks, and only who opens the letter is a member."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from services.notify.member_pages.consent import consent
from shared.article import Lang
from shared.visitors.gate import AT_ONCE
from shared.visitors.sources import LIMIT
from tests.notify.member_pages.conftest import (
    MEMBERS,
    SITE_NAME,
    Browser,
    Pages,
    asked,
    know_subjects,
    made_parts,
    newest_letter,
    sent_letters,
    text_of,
)

Everything = Callable[[], Awaitable[dict[bytes, bytes | None]]]
NEW = "ny@example.org"


async def _ask(browser: Browser, email: str = NEW, **typed: str | list[str]) -> httpx.Response:
    return await browser.send("/bli-medlem/", epost=email, samtykke="ja", **typed)


async def test_who_types_the_code_is_a_member_and_logged_in(pages: Pages) -> None:
    browser = pages.browser()
    await _ask(browser, navn="Kari Eksempel", maal="nn")
    assert await pages.members() == MEMBERS
    letter = await newest_letter(pages.parts)
    answer = await browser.send("/bli-medlem/kode/", kode=f" {letter.code[:3]} {letter.code[3:]} ")
    assert str(answer.url).endswith("/bli-medlem/velkommen/")
    assert f"e-post til {NEW}" in text_of(answer)
    assert await pages.members() == MEMBERS + 1
    record = (await pages.parts.members.records([MEMBERS + 1]))[MEMBERS + 1]
    member = pages.parts.members.open(MEMBERS + 1, record)
    words = consent("nb", SITE_NAME)
    assert (member.email, member.name, member.lang) == (NEW, "Kari Eksempel", "nn")
    assert (member.how, member.consent) == ("joined", words.short)
    assert member.asked <= member.confirmed
    assert words.text.encode() in await pages.redis.hget("notify:consents", words.short)


async def test_the_links_button_signs_in_the_browser_that_presses_it(pages: Pages) -> None:
    asking, pressing = pages.browser(), pages.browser()
    await _ask(asking)
    letter = await newest_letter(pages.parts)
    answer = await pressing.send(letter.path)
    assert "Du er meldt på" in text_of(answer)
    assert NEW in text_of(await pressing.open("/min-side/"))
    assert NEW not in text_of(await asking.open("/min-side/"))
    again = await pressing.open(letter.path)
    assert (again.status_code, await pages.members()) == (404, MEMBERS + 1)
    assert "Lenken virker ikke lenger" in text_of(again)


async def test_a_journal_that_is_away_does_not_use_the_link_up(
    pages: Pages, tmp_path: Path
) -> None:
    await pages.parts.membership.leave(1)
    await _ask(pages.browser(), "medlem1@example.org")
    letter = await newest_letter(pages.parts)
    folder = tmp_path / "another process"
    folder.mkdir()
    (folder / "journal").write_text("no folder")
    parts = made_parts(pages.redis, folder)
    browser = Browser(asked(parts), parts)
    page = await browser.open(letter.path)
    answer = await browser.fill(page)
    assert (answer.status_code, "ingenting er endret" in text_of(answer)) == (503, True)
    assert await pages.members() == MEMBERS - 1
    (folder / "journal").unlink()
    assert "Du er meldt på" in text_of(await browser.fill(page))
    assert await pages.members() == MEMBERS


async def test_the_code_works_only_in_the_browser_that_asked_and_five_tries_void_it(
    pages: Pages,
) -> None:
    asking, other = pages.browser(), pages.browser()
    await _ask(asking)
    letter = await newest_letter(pages.parts)
    answer = await other.send("/bli-medlem/kode/", kode=letter.code)
    assert answer.status_code == 422
    wrong = "000000" if letter.code != "000000" else "111111"
    for _ in range(5):
        answer = await asking.send("/bli-medlem/kode/", kode=wrong)
        assert "Koden stemmer ikke" in text_of(answer)
    answer = await asking.send("/bli-medlem/kode/", kode=letter.code)
    assert (answer.status_code, await pages.members()) == (422, MEMBERS)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "12 34", "²²²²²²", "1" * 2000]
)
async def test_what_is_no_code_is_no_try(pages: Pages, code: str) -> None:
    browser = pages.browser()
    await _ask(browser)
    letter = await newest_letter(pages.parts)
    for _ in range(6):
        answer = await browser.send("/bli-medlem/kode/", kode=code)
        assert (answer.status_code, "seks siffer" in answer.text) == (422, True)
    assert (await browser.send("/bli-medlem/kode/", kode=letter.code)).status_code == 200


async def test_the_answer_is_the_same_for_a_member_for_who_left_and_for_a_stranger(
    pages: Pages,
) -> None:
    await pages.parts.membership.leave(2)
    await pages.parts.membership.erase(3)
    answers = []
    for email in ("medlem1@example.org", "medlem2@example.org", "medlem3@example.org", NEW):
        browser = pages.browser()
        answer = await _ask(browser, email)
        [asked] = answer.history
        assert [asked.status_code, asked.headers["location"]] == [303, "/bli-medlem/kode/"]
        browser.http.cookies.clear()
        answers.append((asked.text, sorted(asked.headers), text_of(answer)))
    assert len(set(map(repr, answers))) == 1


async def test_a_member_who_asks_to_join_is_logged_in_and_stays_as_they_are(pages: Pages) -> None:
    """Somebody else may have asked for them, with other choices and another name."""
    await know_subjects(pages.redis, "Eksempelinib")
    browser = pages.browser()
    await _ask(browser, "medlem1@example.org", navn="Fremmed", hvilke="noen", emne=["eksempelinib"])
    letter = await newest_letter(pages.parts)
    page = text_of(await browser.send(letter.path))
    assert "medlem1@example.org" in page
    assert "Kåre" in page
    assert await pages.parts.choices.of(1) is None
    assert await pages.members() == MEMBERS


async def test_an_older_request_takes_nothing_back_that_the_member_chose(pages: Pages) -> None:
    """Both letters are of the same address, and each says what was picked as it was asked."""
    await know_subjects(pages.redis, "Eksempelinib", "Leddgikt")
    letters = []
    for subject in ("eksempelinib", "leddgikt"):
        browser = pages.browser()
        await _ask(browser, hvilke="noen", emne=[subject], navn=f"Kari {subject}")
        letters.append(await newest_letter(pages.parts))
    await browser.send(letters[1].path)
    assert await pages.parts.choices.of(MEMBERS + 1) == ("leddgikt",)
    await pages.browser().send(letters[0].path)
    assert await pages.parts.choices.of(MEMBERS + 1) == ("leddgikt",)


async def test_what_somebody_picks_is_what_they_get(pages: Pages) -> None:
    await know_subjects(pages.redis, "Eksempelinib", "Prøvomab", "Leddgikt")
    browser = pages.browser()
    await _ask(browser, hvilke="noen", emne=["leddgikt", "finnes-ikke"])
    await browser.send("/bli-medlem/kode/", kode=(await newest_letter(pages.parts)).code)
    assert await pages.parts.choices.of(MEMBERS + 1) == ("leddgikt",)


async def test_who_left_joins_again_with_a_new_number_and_who_was_erased_too(pages: Pages) -> None:
    await pages.parts.membership.leave(1)
    await pages.parts.membership.erase(2)
    for number in (1, 2):
        browser = pages.browser()
        await _ask(browser, f"medlem{number}@example.org", navn="Ny")
        await browser.send("/bli-medlem/kode/", kode=(await newest_letter(pages.parts)).code)
        assert "Ny" in text_of(await browser.open("/min-side/"))
    assert await pages.members() == MEMBERS
    assert await pages.parts.members.numbers_of(MEMBERS + 1) == [MEMBERS + 1, 1]
    assert await pages.parts.members.numbers_of(MEMBERS + 2) == [MEMBERS + 2]


_WRONG = {
    "no address": ({"epost": ""}, "epost", "Skriv e-postadressen din."),
    "half an address": ({"epost": "kari@"}, "epost", "Adressen ser ikke riktig ut"),
    "two": ({"epost": "a@example.org, b@example.org"}, "epost", "Adressen ser ikke riktig ut"),
    "æ before @": ({"epost": "kåre@example.org"}, "epost", "Adresser med æ, ø, å"),
    "a line break": ({"epost": "a@example.org\r\nBcc: b@example.org"}, "epost", "ikke riktig ut"),
    "no consent": ({"samtykke": []}, "samtykke", "Kryss av for at du samtykker"),
    "nothing picked": ({"hvilke": "noen"}, "hvilke", "Velg minst ett emne"),
    "a long name": ({"navn": "x" * 1000}, "navn", "Navnet er for langt"),
    "a name of controls": ({"navn": "Kari\x00"}, "navn", "tegn som ikke kan stå der"),
}


@pytest.mark.parametrize(("typed", "field", "message"), _WRONG.values(), ids=_WRONG)
async def test_a_wrong_field_is_named_what_was_typed_comes_back_and_nothing_is_stored(
    pages: Pages, typed: dict[str, str | list[str]], field: str, message: str
) -> None:
    await know_subjects(pages.redis, "Eksempelinib")
    browser = pages.browser()
    good: dict[str, str | list[str]] = {"epost": NEW, "navn": "Kari <Eksempel>", "samtykke": "ja"}
    page = await browser.send("/bli-medlem/", **(good | {"maal": "nn"} | typed))
    assert page.status_code == 422
    assert message in text_of(page)
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text
    assert f'id="{field}-feil"' in page.text
    assert page.text.count("<h1>") == 1
    assert "<title>Må rettes:" in page.text
    if "epost" not in typed:
        assert f'value="{NEW}"' in page.text
    if "navn" not in typed:
        assert 'value="Kari &lt;Eksempel&gt;"' in page.text
    assert 'value="nn" id="maal-nn" checked' in page.text
    assert await sent_letters(pages.parts) == []
    assert await pages.redis.exists("notify:consents") == 0


@pytest.mark.parametrize("seen", [consent("nb", "Foreningens gamle navn").short, "", "æ"])
async def test_whoever_saw_other_words_than_those_that_hold_is_asked_anew(
    pages: Pages, seen: str
) -> None:
    """The form stood open while the association got another name, or Varsel was upgraded."""
    browser = pages.browser()
    page = await browser.open("/bli-medlem/")
    answer = await browser.fill(page, epost=NEW, navn="Kari", samtykke="ja", ord=seen)
    assert answer.status_code == 422
    assert "Teksten er ny siden du åpnet siden." in text_of(answer)
    assert 'value="Kari"' in answer.text
    assert 'id="samtykke" checked' not in answer.text
    assert await sent_letters(pages.parts) == []
    assert await pages.redis.exists("notify:consents") == 0
    again = await browser.fill(answer, samtykke="ja")
    assert str(again.url).endswith("/bli-medlem/kode/")


async def test_a_form_that_another_site_sends_asks_for_nothing(pages: Pages) -> None:
    browser = pages.browser()
    await browser.open("/bli-medlem/")
    answer = await browser.http.post(
        "/bli-medlem/",
        data={"epost": NEW, "samtykke": "ja"},
        headers={"origin": "https://annen.example.net", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert await sent_letters(pages.parts) == []


async def test_a_browser_without_cookies_is_told_what_to_do(pages: Pages) -> None:
    browser = pages.browser()
    page = await browser.open("/bli-medlem/")
    browser.http.cookies.clear()
    answer = await browser.fill(page, epost=NEW, samtykke="ja")
    assert answer.status_code == 403
    assert "informasjonskapsler" in text_of(answer)


async def test_a_source_that_asks_without_end_is_asked_to_wait(pages: Pages) -> None:
    browser = pages.browser()
    page = await browser.open("/bli-medlem/")
    for _ in range(LIMIT):
        assert (await browser.fill(page, epost="kari@")).status_code == 422
    answer = await browser.fill(page, epost=NEW, samtykke="ja")
    assert (answer.status_code, "Vent litt" in answer.text) == (429, True)
    assert await sent_letters(pages.parts) == []


async def test_a_crowd_that_comes_at_once_is_let_in_and_leaves_connections_for_mail(
    pages: Pages,
) -> None:
    browser, crowd = pages.browser(), 90
    form = await browser.open("/bli-medlem/")
    pool = pages.redis.connection_pool
    joining = asyncio.gather(
        *(browser.fill(form, epost=f"ny{n}@example.org", samtykke="ja") for n in range(crowd))
    )
    most = 0
    while not joining.done():
        most = max(most, len(pool._in_use_connections))
        await asyncio.sleep(0)
    assert {answer.status_code for answer in await joining} == {200}
    assert len(await sent_letters(pages.parts)) == crowd
    assert most <= AT_ONCE


async def test_the_form_says_that_one_joins_and_breaks_no_word_at_its_hyphen(pages: Pages) -> None:
    page = (await pages.browser().open("/bli-medlem/")).text.partition("<main")[2]
    assert "<h1>Bli medlem og få sikkerhetsvarsler på " in page
    loose = re.sub(r'<span class="unbroken">[^<]*</span>|<[^>]*>', "", page)
    assert re.findall(r"\be-post\w*", loose, re.IGNORECASE) == []
    assert len(re.findall(r'<span class="unbroken">e-post', page, re.IGNORECASE)) > 3


@pytest.mark.parametrize(
    ("lang", "heading", "next_page"),
    [
        ("nn", "Bli medlem og få tryggleiksvarsel på e-post", "Sjå i e-posten din"),
        ("en", "Become a member and get safety alerts by e-mail", "Look in your e-mail"),
    ],
)
async def test_the_form_is_there_in_each_language_with_its_own_consent(
    pages: Pages, lang: Lang, heading: str, next_page: str
) -> None:
    browser = pages.browser()
    page = await browser.open(f"/bli-medlem/?maal={lang}")
    assert f'<html lang="{lang}">' in page.text
    assert heading in page.text
    for other in {"nb", "nn", "en"} - {lang}:
        assert f'hreflang="{other}"' in page.text
    answer = await browser.fill(page, epost=NEW, samtykke="ja")
    assert next_page in text_of(answer)
    letter = await newest_letter(pages.parts)
    assert letter.asked.lang == lang
    assert letter.asked.consent == consent(lang, SITE_NAME).short


_SCRIPT = re.compile(r"<script[^\n]*|javascript:|\son\w+=")
_SCRIPTS = [
    f'<script src="/min-side/{name}.js" defer></script>' for name in ("simplewebauthn", "passkey")
]


async def test_every_page_is_kept_from_caches_searches_and_scripts(pages: Pages) -> None:
    browser = pages.browser()
    await _ask(browser)
    letter = await newest_letter(pages.parts)
    paths = ["/bli-medlem/", "/bli-medlem/kode/", "/min-side/", "/min-side/kode/", letter.path]
    paths += ["/min-side/inn/feil", "/bli-medlem/finnes-ikke"]
    for path in paths:
        answer = await browser.open(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert answer.headers["referrer-policy"] == "no-referrer"
        may_be_found = path == "/bli-medlem/"  # whoever looks for how to join
        assert answer.headers.get("x-robots-tag") == (None if may_be_found else "noindex")
        assert ('name="robots" content="noindex"' in answer.text) is not may_be_found
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        scripts = _SCRIPTS if path == "/min-side/" else []  # a passkey needs one
        assert _SCRIPT.findall(answer.text) == scripts
        allowed = "script-src 'self'" in answer.headers["content-security-policy"]
        assert allowed == bool(scripts)
        assert answer.text.count("<h1>") == 1
