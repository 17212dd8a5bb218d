"""Another address: the new one is proved, the old one is told, and whoever has that can undo it for
seven days, whatever was done since by whoever took the address."""

import httpx

from services.notify.letters.asked import LetterKind
from services.notify.members.moves import UNDO, moves_of
from tests.notify.member_pages.conftest import (
    MEMBERS,
    NEW,
    ONE,
    Browser,
    Pages,
    SentLetter,
    newest_letter,
    sent_letters,
    text_of,
)


async def test_an_address_that_was_left_can_be_moved_to_again_at_once(pages: Pages) -> None:
    browser = await pages.logged_in()
    for email in (NEW, ONE, NEW):
        await browser.send("/min-side/adresse/", epost=email)
        [letter] = [
            one for one in await sent_letters(pages.parts) if one.asked.kind is LetterKind.MOVE
        ]
        await browser.send("/min-side/adresse/kode/", kode=letter.code)
        assert email in text_of(await browser.open("/min-side/"))


async def test_an_address_is_changed_once_the_new_one_is_proved_and_the_old_one_can_undo(
    pages: Pages,
) -> None:
    browser, elsewhere = await pages.logged_in(), await pages.logged_in()
    await browser.send("/min-side/adresse/", epost=NEW)
    move = await newest_letter(pages.parts)
    assert (move.asked.kind, move.asked.email) == (LetterKind.MOVE, NEW)
    assert ONE in text_of(await browser.open("/min-side/"))
    answer = await browser.send("/min-side/adresse/kode/", kode=move.code)
    assert "Adressen er byttet" in text_of(answer)
    assert NEW in text_of(answer)
    assert "Logg inn" in text_of(await elsewhere.open("/min-side/")), "still logged in elsewhere"
    told = await newest_letter(pages.parts)
    assert (told.asked.kind, told.asked.email) == (LetterKind.MOVED, ONE)
    owner = pages.browser()
    answer = await owner.send(told.path)
    assert "Byttet er angret" in text_of(answer)
    assert "Logg inn" in text_of(await browser.open("/min-side/")), "who moved it is still there"
    await pages.logged_in()


async def test_who_moved_an_address_cannot_end_the_undo_by_leaving(pages: Pages) -> None:
    browser = await pages.logged_in()
    await browser.send("/min-side/adresse/", epost=NEW)
    move = await newest_letter(pages.parts)
    await browser.send("/min-side/adresse/kode/", kode=move.code)
    told = await newest_letter(pages.parts)
    await browser.send("/min-side/meld-av/")
    assert await pages.members() == MEMBERS - 1
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    assert await pages.members() == MEMBERS
    assert "Logg inn" in text_of(await browser.open("/min-side/")), "who moved it is still there"
    assert ONE in text_of(await (await pages.logged_in()).open("/min-side/"))


async def test_who_moved_an_address_twice_cannot_undo_its_owners_undo(pages: Pages) -> None:
    taker, third = await pages.logged_in(), "tredje@example.org"
    told = []
    for email in (NEW, third):
        await taker.send("/min-side/adresse/", epost=email)
        move = await newest_letter(pages.parts)
        await taker.send("/min-side/adresse/kode/", kode=move.code)
        told.append(await newest_letter(pages.parts))
    assert [letter.asked.email for letter in told] == [ONE, NEW]
    assert "Byttet er angret" in text_of(await pages.browser().send(told[0].path))
    assert (await pages.http.get(told[1].path)).status_code == 404
    assert ONE in text_of(await (await pages.logged_in()).open("/min-side/"))


async def test_an_undo_of_the_last_move_leaves_that_of_the_first(pages: Pages) -> None:
    taker, told = await pages.logged_in(), []
    for email in (NEW, "tredje@example.org"):
        await taker.send("/min-side/adresse/", epost=email)
        move = await newest_letter(pages.parts)
        await taker.send("/min-side/adresse/kode/", kode=move.code)
        told.append(await newest_letter(pages.parts))
    for letter in reversed(told):
        assert "Byttet er angret" in text_of(await pages.browser().send(letter.path))
    assert ONE in text_of(await (await pages.logged_in()).open("/min-side/"))


async def test_a_log_in_link_of_before_lets_nobody_in_once_the_address_is_another(
    pages: Pages,
) -> None:
    """Whoever took an address keeps no link of theirs for after it was undone."""
    browser = await pages.logged_in()
    await browser.send("/min-side/adresse/", epost=NEW)
    await browser.send("/min-side/adresse/kode/", kode=(await newest_letter(pages.parts)).code)
    told = await newest_letter(pages.parts)
    taker = pages.browser()
    await taker.send("/min-side/", epost=NEW)
    by_link = await newest_letter(pages.parts)
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    for answer in (
        await taker.fill(await taker.open(by_link.path)),
        await taker.send("/min-side/kode/", kode=by_link.code),
    ):
        assert answer.status_code in (404, 422)
        assert ONE not in text_of(await taker.open("/min-side/"))


async def test_the_link_of_a_mistyped_new_address_lets_nobody_in(pages: Pages) -> None:
    """It went to a stranger, who must neither see the member's page nor get the member's mail."""
    browser = await pages.logged_in()
    await browser.send("/min-side/adresse/", epost="fremmed@example.org")
    letter = await newest_letter(pages.parts)
    stranger = pages.browser()
    page = await stranger.open(letter.path)
    assert "Du er ikke logget inn" in text_of(page)
    assert "<form" not in page.text.partition("<main")[2]
    token = (await stranger.open("/min-side/")).text.partition('name="skjema" value="')[2][:32]
    answer = await stranger.http.post(letter.path, data={"skjema": token})
    assert answer.status_code == 403
    assert ONE in text_of(await browser.open("/min-side/"))
    assert "Adressen er byttet" in text_of(await browser.send(letter.path))


async def test_an_address_that_another_member_has_stays_theirs(pages: Pages) -> None:
    browser = await pages.logged_in()
    await browser.send("/min-side/adresse/", epost="medlem2@example.org")
    letter = await newest_letter(pages.parts)
    answer = await browser.send("/min-side/adresse/kode/", kode=letter.code)
    assert (answer.status_code, "Adressen er i bruk" in text_of(answer)) == (409, True)
    assert await sent_letters(pages.parts) == [], "the old address was told of what is not so"
    assert ONE in text_of(await browser.open("/min-side/"))


async def test_who_took_an_address_cannot_delete_it_before_its_owner_undoes_it(
    pages: Pages,
) -> None:
    taker, told = await _moved(pages, NEW)
    waits = await taker.open("/min-side/slett/")
    assert "Slettingen må vente noen dager" in text_of(waits)
    assert 'href="/min-side/meld-av/"' in waits.text
    assert (await taker.send("/min-side/opplysninger/", navn="Kari", maal="nn")).status_code == 200
    asked = await _post(taker, "/min-side/slett/")
    assert (asked.status_code, "Slettinga må vente nokre dagar" in text_of(asked)) == (409, True)
    assert NEW in text_of(await taker.open("/min-side/")), "they are logged out for nothing"
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    owner = pages.browser()
    await owner.log_in(ONE)
    await owner.send("/min-side/slett/")
    assert await pages.parts.members.records([1]) == {}, "its owner need not wait"


async def test_who_took_an_address_cannot_delete_it_by_leaving_and_joining_anew(
    pages: Pages,
) -> None:
    taker, told = await _moved(pages, NEW)
    await taker.send("/min-side/meld-av/")
    anew = pages.browser()
    await anew.send("/bli-medlem/", epost=NEW, samtykke="ja")
    await anew.send((await newest_letter(pages.parts)).path)
    asked = await _post(anew, "/min-side/slett/")
    assert asked.status_code == 409
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    assert "Logg inn" in text_of(await anew.open("/min-side/"))
    assert await pages.members() == MEMBERS
    assert ONE in text_of(await (await pages.logged_in()).open("/min-side/"))


async def test_after_seven_days_all_of_it_can_be_deleted(pages: Pages) -> None:
    browser, _ = await _moved(pages, NEW)
    sealed = (await pages.parts.members.records([1]))[1]
    record = pages.parts.members.open(1, sealed)
    [at] = moves_of(record)
    earlier = record._replace(moves=(at - UNDO).isoformat())
    assert await pages.parts.members.replace({1: (sealed, earlier)})
    assert "Alt om deg er slettet" in text_of(await browser.send("/min-side/slett/"))


async def test_an_owner_who_joined_anew_meanwhile_gets_back_what_was_theirs(pages: Pages) -> None:
    _, told = await _moved(pages, NEW)
    owner = pages.browser()
    await owner.send("/bli-medlem/", epost=ONE, samtykke="ja")
    await owner.send((await newest_letter(pages.parts)).path)
    assert await pages.members() == MEMBERS + 1
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    assert "Logg inn" in text_of(await owner.open("/min-side/"))
    assert await pages.members() == MEMBERS
    await pages.logged_in()
    [found] = await pages.parts.members.find([ONE])
    assert found
    assert await pages.parts.members.numbers_of(1) == [found.number, MEMBERS + 1]


async def test_a_letter_that_still_waits_when_its_move_is_undone_has_a_dead_link(
    pages: Pages,
) -> None:
    taker, told = await _moved(pages, NEW)
    await taker.send("/min-side/adresse/", epost="tredje@example.org")
    await taker.send("/min-side/adresse/kode/", kode=(await newest_letter(pages.parts)).code)
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    of_the_taker = await newest_letter(pages.parts)
    assert (of_the_taker.asked.kind, of_the_taker.asked.email) == (LetterKind.MOVED, NEW)
    assert (await pages.http.get(of_the_taker.path)).status_code == 404
    assert (await _post(pages.browser(), of_the_taker.path)).status_code == 404
    assert ONE in text_of(await (await pages.logged_in()).open("/min-side/"))


async def _post(browser: Browser, path: str) -> httpx.Response:
    """Press a button that the page does not show, or no longer."""
    page = await browser.open("/min-side/")
    token = page.text.partition('name="skjema" value="')[2][:32]
    own = {"Sec-Fetch-Site": "same-origin"}
    return await browser.http.post(path, data={"skjema": token}, headers=own)


async def _moved(pages: Pages, email: str) -> tuple[Browser, SentLetter]:
    """A browser in which somebody has moved member 1 to this address, and the letter to the old
    one."""
    taker = await pages.logged_in()
    await taker.send("/min-side/adresse/", epost=email)
    move = await newest_letter(pages.parts)
    await taker.send("/min-side/adresse/kode/", kode=move.code)
    return taker, await newest_letter(pages.parts)
