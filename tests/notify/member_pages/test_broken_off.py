"""A letter's link or code is used up by what it does: whatever breaks off on the way, the
person does it again at once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from services.notify.letters.asked import LetterKind
from services.notify.members.member import Member
from tests.dying import Killed, dying
from tests.notify.member_pages.conftest import (
    MEMBERS,
    Browser,
    Pages,
    SentLetter,
    asked,
    know_subjects,
    made_parts,
    newest_letter,
    sent_letters,
    text_of,
)

ONE, NEW = "medlem1@example.org", "ny@example.org"
BY = ["code", "link"]


async def _use(browser: Browser, letter: SentLetter, by: str) -> Any:
    if by == "link":
        page = await browser.open(letter.path)
        return await browser.fill(page) if page.status_code == 200 else page
    return await browser.send("/min-side/kode/", kode=letter.code)


async def _ask(pages: Pages, browser: Browser, kind: LetterKind) -> SentLetter:
    """What somebody at this browser asks for, and gets by mail."""
    if kind is LetterKind.JOIN:
        await browser.send("/bli-medlem/", epost=ONE, samtykke="ja")
        return await newest_letter(pages.parts)
    await browser.log_in(ONE)
    await browser.send("/min-side/adresse/", epost=NEW)
    letter = await newest_letter(pages.parts)
    if kind is LetterKind.MOVED:
        await _use(browser, letter, "code")
        letter = await newest_letter(pages.parts)
    return letter


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        *((kind, by) for kind in (LetterKind.JOIN, LetterKind.MOVE) for by in BY),
        (LetterKind.MOVED, "link"),
    ],
)
async def test_a_journal_that_is_away_uses_up_no_link_and_no_code(
    pages: Pages, tmp_path: Path, kind: LetterKind, by: str
) -> None:
    if kind is LetterKind.JOIN:
        await pages.parts.membership.leave(1)
    browser = pages.browser()
    letter = await _ask(pages, browser, kind)
    folder = tmp_path / "another process"
    folder.mkdir()
    (folder / "journal").write_text("no folder")
    parts = made_parts(pages.redis, folder)
    other = Browser(asked(parts), parts)
    other.http.cookies = browser.http.cookies
    for _ in range(6):  # more often than a code may be wrong
        assert (await _use(other, letter, by)).status_code == 503
    (folder / "journal").unlink()
    assert (await _use(other, letter, by)).status_code == 200
    [found] = await pages.parts.members.find([ONE if kind is not LetterKind.MOVE else NEW])
    assert found
    assert not found.left
    assert not found.moved
    assert (await _use(other, letter, by)).status_code in (404, 422), "it works once"
    told = [sent.asked.email for sent in await sent_letters(pages.parts)]
    assert told == ([ONE] if kind is LetterKind.MOVE else []), "the old address is told once"


async def test_the_code_of_another_address_waits_until_the_member_is_logged_in(
    pages: Pages,
) -> None:
    browser = pages.browser()
    letter = await _ask(pages, browser, LetterKind.MOVE)
    await browser.fill(await browser.open("/min-side/"), hvor="her")
    assert (await _use(browser, letter, "code")).status_code == 403
    await browser.log_in(ONE)
    assert "Adressen er byttet" in text_of(await _use(browser, letter, "code"))


async def test_the_code_of_an_address_in_use_works_once_it_is_free(pages: Pages) -> None:
    browser = pages.browser()
    await browser.log_in(ONE)
    await browser.send("/min-side/adresse/", epost="medlem2@example.org")
    letter = await newest_letter(pages.parts)
    assert (await _use(browser, letter, "code")).status_code == 409
    await pages.parts.membership.erase(2)
    assert "Adressen er byttet" in text_of(await _use(browser, letter, "code"))


@pytest.mark.parametrize("by", BY)
async def test_who_joins_and_is_broken_off_at_any_step_joins_with_what_they_picked(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    await know_subjects(pages.redis, "Leddgikt", "Eksempelinib")
    has_died, step = True, 0
    while has_died:
        step += 1
        browser, email = pages.browser(), f"ny{step}@example.org"
        page = await browser.open("/bli-medlem/")
        await browser.fill(page, epost=email, samtykke="ja", hvilke="noen", emne=["leddgikt"])
        letter = await newest_letter(pages.parts)
        form = await browser.open(letter.path if by == "link" else "/min-side/kode/")
        typed = {} if by == "link" else {"kode": letter.code}
        with dying(monkeypatch, step) as died:
            with suppress(Killed):
                await browser.fill(form, **typed)
            has_died = died()
        await pages.redis.connection_pool.disconnect()
        if has_died:
            await browser.fill(form, **typed)
        if "Logg inn" in text_of(await browser.open("/min-side/")):
            # It was used up, so they are a member.
            await browser.log_in(email)
        assert email in text_of(await browser.open("/min-side/")), step
        [found] = await pages.parts.members.find([email])
        assert found
        assert await pages.parts.choices.of(found.number) == ("leddgikt",), step
        assert await pages.members() == MEMBERS + step
    assert step > 8


async def test_an_undoing_that_finds_nothing_to_undo_logs_nobody_out(pages: Pages) -> None:
    """They have moved back by themselves, and the letter of before is still there."""
    browser = pages.browser()
    told = await _ask(pages, browser, LetterKind.MOVED)
    await browser.send("/min-side/adresse/", epost=ONE)
    await _use(browser, await newest_letter(pages.parts), "code")
    back = await newest_letter(pages.parts)
    assert "Varslene går til denne adressen" in text_of(await pages.browser().send(told.path))
    assert ONE in text_of(await browser.open("/min-side/")), "the member was logged out"
    assert (await pages.http.get(back.path)).status_code == 404, "of the other address"


async def test_a_move_that_is_broken_off_at_any_step_is_told_if_and_only_if_it_was_done(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_died, step, moved = True, 0, set()
    while has_died:
        step += 1
        await pages.redis.flushall()
        assert await pages.parts.membership.add([Member(ONE, "Kåre", "nb", "c")], after=0)
        browser = pages.browser()
        letter = await _ask(pages, browser, LetterKind.MOVE)
        form = await browser.open("/min-side/kode/")
        with dying(monkeypatch, step) as died:
            with suppress(Killed):
                await browser.fill(form, kode=letter.code)
            has_died = died()
        await pages.redis.connection_pool.disconnect()
        [found] = await pages.parts.members.find([NEW])
        told = [one.asked.email for one in await sent_letters(pages.parts)]
        assert told == ([ONE] if found else []), step
        moved.add(bool(found))
    assert moved == {False, True}
    assert step > 8


async def test_an_undoing_that_is_broken_off_at_any_step_ends_with_nobody_logged_in(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_died, step = True, 0
    while has_died:
        step += 1
        email = f"flyttet{step}@example.org"
        await pages.redis.flushall()
        assert await pages.parts.membership.add([Member(ONE, "Kåre", "nb", "c")], after=0)
        thief = pages.browser()
        await thief.log_in(ONE)
        await thief.send("/min-side/adresse/", epost=email)
        await _use(thief, await newest_letter(pages.parts), "code")
        told = await newest_letter(pages.parts)
        await thief.send("/min-side/adresse/", epost="tredje@example.org")
        await _use(thief, await newest_letter(pages.parts), "code")
        of_the_thief = await newest_letter(pages.parts)
        assert of_the_thief.asked.email == email
        owner = pages.browser()
        form = await owner.open(told.path)
        with dying(monkeypatch, step) as died:
            with suppress(Killed):
                await owner.fill(form)
            has_died = died()
        await pages.redis.connection_pool.disconnect()
        await owner.fill(form)
        assert "Logg inn" in text_of(await thief.open("/min-side/")), step
        assert ONE in text_of(await owner.log_in(ONE)), step
        assert (await pages.http.get(of_the_thief.path)).status_code == 404, step
    assert step > 8
