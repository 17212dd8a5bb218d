"""Leaving, coming back and being forgotten on «Min side»."""

from datetime import UTC, datetime, timedelta

from services.notify.letters.asked import LetterKind
from services.notify.letters.store import AN_HOUR
from tests.notify.member_pages.conftest import (
    MEMBERS,
    NEW,
    ONE,
    Pages,
    newest_letter,
    sent_letters,
    text_of,
)

FORMS = ("/min-side/opplysninger/", "/min-side/emner/", "/min-side/adresse/")


async def test_who_joins_again_at_once_after_deleting_all_can(pages: Pages) -> None:
    browser = pages.browser()
    for nth in (1, 2):
        await browser.send("/bli-medlem/", epost=NEW, samtykke="ja")
        letter = await newest_letter(pages.parts)
        await browser.send("/bli-medlem/kode/", kode=letter.code)
        assert await pages.members() == MEMBERS + 1, nth
        await browser.send("/min-side/slett/")
        assert await pages.members() == MEMBERS


async def test_who_leaves_here_can_undo_it_and_sees_it(pages: Pages) -> None:
    browser = await pages.logged_in()
    asks = await browser.open("/min-side/meld-av/")
    assert await pages.members() == MEMBERS
    left = await browser.fill(asks)
    assert "Du er meldt av" in text_of(left)
    assert "Vi beholder adressen" in text_of(left)
    assert await pages.members() == MEMBERS - 1
    assert "får ikke nye varsler" in text_of(await browser.open("/min-side/"))
    back = await browser.fill(left)
    assert "Du er meldt på igjen" in text_of(back)
    assert await pages.members() == MEMBERS
    letter = await newest_letter(pages.parts)
    assert (letter.asked.kind, letter.asked.number) == (LetterKind.WELCOME_BACK, MEMBERS + 1)


async def test_who_leaves_and_comes_back_without_end_is_told_when_they_may_again(
    pages: Pages,
) -> None:
    browser, answers = await pages.logged_in(), []
    for _ in range(AN_HOUR + 3):
        left = await browser.send("/min-side/meld-av/")
        assert "Du er meldt av" in text_of(left), "leaving itself is never refused"
        answers.append(await browser.fill(left))
        if answers[-1].status_code != 200:
            break
    assert answers[-1].status_code == 429
    said = text_of(answers[-1])
    assert "igjen om en time" in said
    assert 'href="/bli-medlem/"' in answers[-1].text
    assert await pages.members() == MEMBERS - 1
    assert len(await pages.parts.members.numbers_of(1)) == 1 + AN_HOUR
    assert "Meld meg på igjen" in text_of(await browser.open("/min-side/"))


async def test_who_left_sees_what_is_kept_and_changes_nothing_of_it(pages: Pages) -> None:
    browser = await pages.logged_in()
    forms = [await browser.open(path) for path in FORMS]
    await browser.send("/min-side/meld-av/")
    page = await browser.open("/min-side/")
    for path, form in zip(FORMS, forms, strict=True):
        assert path not in page.text
        assert "Meld meg på igjen" in text_of(await browser.fill(form))
        assert "Meld meg på igjen" in text_of(await browser.http.get(path, follow_redirects=True))
    assert await sent_letters(pages.parts) == []


async def test_who_left_long_ago_agrees_anew(pages: Pages) -> None:
    browser = await pages.logged_in()
    left = await browser.send("/min-side/meld-av/")
    long_ago = datetime.now(UTC) - timedelta(days=400)
    await pages.redis.hset("notify:left_at:0", "1", long_ago.isoformat())
    answer = await browser.fill(left)
    assert str(answer.url).endswith("/bli-medlem/")
    assert await pages.members() == MEMBERS - 1


async def test_everything_is_deleted_after_a_page_that_asks_and_every_browser_is_out(
    pages: Pages,
) -> None:
    browser, elsewhere = await pages.logged_in(), await pages.logged_in()
    asks = await browser.open("/min-side/slett/")
    assert "Dette kan ikke angres" in text_of(asks)
    assert ONE in text_of(await browser.open("/min-side/"))
    answer = await browser.fill(asks)
    assert "Alt om deg er slettet" in text_of(answer)
    for one in (browser, elsewhere):
        assert "Logg inn" in text_of(await one.open("/min-side/"))
    assert await pages.parts.members.records([1]) == {}
    [found] = await pages.parts.members.find([ONE])
    assert found
    assert found.erased


async def test_who_is_erased_by_staff_is_logged_out(pages: Pages) -> None:
    browser = await pages.logged_in()
    await pages.parts.membership.erase(1)
    assert "Logg inn" in text_of(await browser.open("/min-side/"))
