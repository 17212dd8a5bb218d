"""«Min side»: a member sees and changes what there is about them, and nobody else does."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.bounces.marks import Mark
from services.notify.letters.asked import Kind
from services.notify.letters.store import AN_HOUR
from shared.visitors.cookies import MEMBER_COOKIES
from tests.notify.member_pages.conftest import (
    MEMBERS,
    Browser,
    Pages,
    know_subjects,
    newest_letter,
    sent_letters,
    text_of,
)

ONE = "medlem1@example.org"
NEW = "ny@example.org"
_PATHS = (
    *("/min-side/", "/min-side/alt.json", "/min-side/opplysninger/", "/min-side/emner/"),
    *("/min-side/adresse/", "/min-side/meld-av/", "/min-side/slett/", "/bli-medlem/velkommen/"),
)
_POSTS = (
    *("/min-side/opplysninger/", "/min-side/emner/", "/min-side/adresse/", "/min-side/meld-av/"),
    *("/min-side/slett/", "/min-side/kom-tilbake/"),
)


async def _logged_in(pages: Pages, email: str = ONE) -> Browser:
    browser = pages.browser()
    answer = await browser.log_in(email)
    assert f"e-post til {email}" in text_of(answer)
    return browser


async def test_a_member_logs_in_by_the_letters_code_or_by_its_link(pages: Pages) -> None:
    await _logged_in(pages)
    browser = pages.browser()
    await pages.browser().send("/min-side/", epost=ONE)
    letter = await newest_letter(pages.parts)
    page = await browser.open(letter.path)
    assert ONE not in text_of(page), "the page behind a link tells whose it is"
    assert ONE in text_of(await browser.fill(page))


@pytest.mark.parametrize(
    ("by", "used_on"), [("code", "the same"), ("link", "the same"), ("link", "another")]
)
async def test_who_logs_in_twice_in_a_quarter_gets_a_letter_that_works_twice(
    pages: Pages, by: str, used_on: str
) -> None:
    """The letter of before is used up: asking again must not bring it once more."""
    asking, seen = pages.browser(), set()
    for _ in range(3):
        await asking.send("/min-side/", epost=ONE)
        letter = await newest_letter(pages.parts)
        using = asking if used_on == "the same" else pages.browser()
        if by == "code":
            page = await using.send("/min-side/kode/", kode=letter.code)
        else:
            page = await using.send(letter.path)
        assert f"e-post til {ONE}" in text_of(page)
        seen.add(letter.token)
        await using.fill(await using.open("/min-side/"), hvor="her")
    assert len(seen) == 3


async def test_who_joins_again_at_once_after_deleting_all_can(pages: Pages) -> None:
    browser = pages.browser()
    for nth in (1, 2):
        await browser.send("/bli-medlem/", epost=NEW, samtykke="ja")
        letter = await newest_letter(pages.parts)
        await browser.send("/bli-medlem/kode/", kode=letter.code)
        assert await pages.members() == MEMBERS + 1, nth
        await browser.send("/min-side/slett/")
        assert await pages.members() == MEMBERS


async def test_an_address_that_was_left_can_be_moved_to_again_at_once(pages: Pages) -> None:
    browser = await _logged_in(pages)
    for email in (NEW, ONE, NEW):
        await browser.send("/min-side/adresse/", epost=email)
        [letter] = [one for one in await sent_letters(pages.parts) if one.asked.kind is Kind.MOVE]
        await browser.send("/min-side/adresse/kode/", kode=letter.code)
        assert email in text_of(await browser.open("/min-side/"))


async def test_the_log_in_answers_alike_for_members_and_strangers(pages: Pages) -> None:
    await pages.parts.membership.leave(2)
    answers = set()
    for email in (ONE, "medlem2@example.org", NEW):
        answer = await pages.browser().send("/min-side/", epost=email)
        [asked] = answer.history
        answers.add((asked.status_code, asked.headers["location"], text_of(answer)))
    assert len(answers) == 1


@pytest.mark.parametrize("path", _PATHS)
async def test_nobody_sees_a_members_page_without_being_logged_in(pages: Pages, path: str) -> None:
    answer = await pages.http.get(path, follow_redirects=True)
    assert str(answer.url).endswith("/min-side/")
    assert "Logg inn på Min side" in text_of(answer)


@pytest.mark.parametrize("path", _POSTS)
async def test_nobody_changes_a_member_without_being_logged_in_or_from_another_page(
    pages: Pages, path: str
) -> None:
    stranger = pages.browser()
    page = await stranger.open("/min-side/")
    token = page.text.partition('name="skjema" value="')[2][:32]
    answer = await stranger.http.post(path, data={"skjema": token})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/min-side/")
    browser = await _logged_in(pages)
    for data in ({}, {"skjema": token}):
        assert (await browser.http.post(path, data=data)).status_code == 403
    record = await pages.parts.members.records([1])
    assert pages.parts.members.open(1, record[1]).name == "Kåre"
    assert await pages.members() == MEMBERS


async def test_name_and_language_are_changed_and_the_page_speaks_it(pages: Pages) -> None:
    browser = await _logged_in(pages)
    answer = await browser.send("/min-side/opplysninger/", navn="Kari Ny", maal="nn")
    assert "Opplysningane er lagra." in text_of(answer)
    assert "Kari Ny" in text_of(answer)
    assert '<html lang="nn">' in answer.text
    page = await browser.send("/min-side/opplysninger/", navn="x" * 500)
    assert (page.status_code, "Namnet er for langt" in page.text) == (422, True)
    answer = await browser.send("/min-side/opplysninger/", navn="", maal="nb")
    assert "Ikke oppgitt" in text_of(answer)


async def test_of_two_changes_at_once_the_second_is_told_to_look_again(pages: Pages) -> None:
    """The form was filled in on what is not so any more; nothing is lost without a word."""
    first, second = await _logged_in(pages), await _logged_in(pages)
    members, change = pages.parts.membership, pages.parts.membership.change

    async def late(number: int, before: bytes, after: object) -> bool:
        members.change = change  # type: ignore[method-assign]
        await first.send("/min-side/opplysninger/", navn="Først")
        return await change(number, before, after)  # type: ignore[arg-type]

    members.change = late  # type: ignore[method-assign]
    answer = await second.send("/min-side/opplysninger/", navn="Sist")
    assert (answer.status_code, "ikke lagret" in text_of(answer)) == (409, True)
    assert "Først" in text_of(await second.open("/min-side/"))


async def test_choices_are_shown_and_changed(pages: Pages) -> None:
    await know_subjects(pages.redis, "Leddgikt", "Eksempelinib")
    browser = await _logged_in(pages)
    answer = await browser.send("/min-side/emner/", hvilke="noen", emne=["leddgikt"])
    assert "Varsler Leddgikt" in text_of(answer)
    assert await pages.parts.choices.of(1) == ("leddgikt",)
    page = await browser.open("/min-side/emner/")
    assert 'value="leddgikt" id="emne-leddgikt" checked' in page.text
    assert 'value="eksempelinib" id="emne-eksempelinib">' in page.text
    wrong = await browser.send("/min-side/emner/", hvilke="noen", emne=[])
    assert (wrong.status_code, "Velg minst ett emne" in wrong.text) == (422, True)
    answer = await browser.send("/min-side/emner/", hvilke="alle")
    assert "Varsler Alle" in text_of(answer)
    assert await pages.parts.choices.of(1) is None


async def test_an_address_is_changed_once_the_new_one_is_proved_and_the_old_one_can_undo(
    pages: Pages,
) -> None:
    browser, elsewhere = await _logged_in(pages), await _logged_in(pages)
    await browser.send("/min-side/adresse/", epost=NEW)
    move = await newest_letter(pages.parts)
    assert (move.asked.kind, move.asked.email) == (Kind.MOVE, NEW)
    assert ONE in text_of(await browser.open("/min-side/"))
    answer = await browser.send("/min-side/adresse/kode/", kode=move.code)
    assert "Adressen er byttet" in text_of(answer)
    assert NEW in text_of(answer)
    assert "Logg inn" in text_of(await elsewhere.open("/min-side/")), "still logged in elsewhere"
    told = await newest_letter(pages.parts)
    assert (told.asked.kind, told.asked.email) == (Kind.MOVED, ONE)
    owner = pages.browser()
    answer = await owner.send(told.path)
    assert "Byttet er angret" in text_of(answer)
    assert "Logg inn" in text_of(await browser.open("/min-side/")), "who moved it is still there"
    await _logged_in(pages)


async def test_who_moved_an_address_cannot_end_the_undo_by_leaving(pages: Pages) -> None:
    browser = await _logged_in(pages)
    await browser.send("/min-side/adresse/", epost=NEW)
    move = await newest_letter(pages.parts)
    await browser.send("/min-side/adresse/kode/", kode=move.code)
    told = await newest_letter(pages.parts)
    await browser.send("/min-side/meld-av/")
    assert await pages.members() == MEMBERS - 1
    assert "Byttet er angret" in text_of(await pages.browser().send(told.path))
    assert await pages.members() == MEMBERS
    assert "Logg inn" in text_of(await browser.open("/min-side/")), "who moved it is still there"
    assert ONE in text_of(await (await _logged_in(pages)).open("/min-side/"))


async def test_who_moved_an_address_twice_cannot_undo_its_owners_undo(pages: Pages) -> None:
    taker, third = await _logged_in(pages), "tredje@example.org"
    told = []
    for email in (NEW, third):
        await taker.send("/min-side/adresse/", epost=email)
        move = await newest_letter(pages.parts)
        await taker.send("/min-side/adresse/kode/", kode=move.code)
        told.append(await newest_letter(pages.parts))
    assert [letter.asked.email for letter in told] == [ONE, NEW]
    assert "Byttet er angret" in text_of(await pages.browser().send(told[0].path))
    assert (await pages.http.get(told[1].path)).status_code == 404
    assert ONE in text_of(await (await _logged_in(pages)).open("/min-side/"))


async def test_an_undo_of_the_last_move_leaves_that_of_the_first(pages: Pages) -> None:
    taker, told = await _logged_in(pages), []
    for email in (NEW, "tredje@example.org"):
        await taker.send("/min-side/adresse/", epost=email)
        move = await newest_letter(pages.parts)
        await taker.send("/min-side/adresse/kode/", kode=move.code)
        told.append(await newest_letter(pages.parts))
    for letter in reversed(told):
        assert "Byttet er angret" in text_of(await pages.browser().send(letter.path))
    assert ONE in text_of(await (await _logged_in(pages)).open("/min-side/"))


async def test_a_log_in_link_of_before_lets_nobody_in_once_the_address_is_another(
    pages: Pages,
) -> None:
    """Whoever took an address keeps no link of theirs for after it was undone."""
    browser = await _logged_in(pages)
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
    browser = await _logged_in(pages)
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
    browser = await _logged_in(pages)
    await browser.send("/min-side/adresse/", epost="medlem2@example.org")
    letter = await newest_letter(pages.parts)
    answer = await browser.send("/min-side/adresse/kode/", kode=letter.code)
    assert (answer.status_code, "Adressen er i bruk" in text_of(answer)) == (409, True)
    assert await sent_letters(pages.parts) == [], "the old address was told of what is not so"
    assert ONE in text_of(await browser.open("/min-side/"))


async def test_who_leaves_here_can_undo_it_and_sees_it(pages: Pages) -> None:
    browser = await _logged_in(pages)
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
    assert (letter.asked.kind, letter.asked.number) == (Kind.WELCOME_BACK, MEMBERS + 1)


async def test_who_leaves_and_comes_back_without_end_is_told_when_they_may_again(
    pages: Pages,
) -> None:
    browser, answers = await _logged_in(pages), []
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
    browser = await _logged_in(pages)
    forms = [await browser.open(path) for path in _POSTS[:3]]
    await browser.send("/min-side/meld-av/")
    page = await browser.open("/min-side/")
    for path, form in zip(_POSTS[:3], forms, strict=True):
        assert path not in page.text
        assert "Meld meg på igjen" in text_of(await browser.fill(form))
        assert "Meld meg på igjen" in text_of(await browser.http.get(path, follow_redirects=True))
    assert await sent_letters(pages.parts) == []


async def test_who_left_long_ago_agrees_anew(pages: Pages) -> None:
    browser = await _logged_in(pages)
    left = await browser.send("/min-side/meld-av/")
    long_ago = datetime.now(UTC) - timedelta(days=400)
    await pages.redis.hset("notify:left_at:0", "1", long_ago.isoformat())
    answer = await browser.fill(left)
    assert str(answer.url).endswith("/bli-medlem/")
    assert await pages.members() == MEMBERS - 1


async def test_everything_is_deleted_after_a_page_that_asks_and_every_browser_is_out(
    pages: Pages,
) -> None:
    browser, elsewhere = await _logged_in(pages), await _logged_in(pages)
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
    browser = await _logged_in(pages)
    await pages.parts.membership.erase(1)
    assert "Logg inn" in text_of(await browser.open("/min-side/"))


async def test_one_button_logs_out_here_and_one_everywhere(pages: Pages) -> None:
    here, there, other = [await _logged_in(pages) for _ in range(3)]
    answer = await here.fill(await here.open("/min-side/"), hvor="her")
    assert "Du er logget ut." in text_of(answer)
    assert ONE in text_of(await there.open("/min-side/"))
    answer = await there.fill(await there.open("/min-side/"), hvor="overalt")
    assert "alle andre nettlesere" in text_of(answer)
    assert "Logg inn" in text_of(await other.open("/min-side/"))


async def test_a_log_in_has_a_session_of_its_own_so_that_none_can_be_planted(pages: Pages) -> None:
    browser = await _logged_in(pages)
    before = browser.http.cookies[f"__Host-{MEMBER_COOKIES.session}"]
    await pages.browser().send("/min-side/", epost=ONE)
    await browser.send((await newest_letter(pages.parts)).path)
    assert browser.http.cookies[f"__Host-{MEMBER_COOKIES.session}"] != before
    planted = pages.browser()
    planted.http.cookies.set(
        f"__Host-{MEMBER_COOKIES.session}", before, domain="varsel.example.org"
    )
    assert "Logg inn" in text_of(await planted.open("/min-side/"))


async def test_everything_about_a_member_can_be_taken_along(pages: Pages) -> None:
    await know_subjects(pages.redis, "Leddgikt")
    browser = await _logged_in(pages)
    await browser.send("/min-side/emner/", hvilke="noen", emne=["leddgikt"])
    answer = await browser.open("/min-side/alt.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="min-side.json"'
    assert answer.headers["cache-control"] == "no-store"
    document = json.loads(answer.text)
    assert document["medlem"] == {
        "epost": ONE,
        "navn": "Kåre",
        "spraak": "nb",
        "meldt_av": False,
        "kommer_i_retur": False,
        "faar_ovelser": False,
        "numre": [1],
        "registre": [],
    }
    assert document["samtykke"]["hvordan"] == "import"
    assert document["emner"] == ["leddgikt"]
    [session] = document["innlogginger"]
    assert session["med"] == "brev"
    for empty in ("varsler", "meldinger", "retur", "avmeldinger", "tidligere", "passnokler"):
        assert document[empty] == []


async def test_who_cannot_be_reached_sees_it_and_is_believed_again_when_a_letter_arrives(
    pages: Pages,
) -> None:
    browser = await _logged_in(pages)
    bounces, now = pages.parts.bounces, int(datetime.now(UTC).timestamp())
    for delivery, at in (("a.1", now - 4 * 86400), ("b.1", now)):
        mark = Mark(delivery, at, "5.1.1", at, bounces.address(ONE))
        await bounces.mark(1, bounces.domain(ONE), mark)
    page = text_of(await browser.open("/min-side/"))
    assert "har kommet i retur, så nye varsler blir ikke sendt" in page
    assert f"Du får sikkerhetsvarsler på e-post til {ONE}" not in page
    await _logged_in(pages)
    assert "i retur" not in text_of(await browser.open("/min-side/"))


async def test_a_member_sees_the_consent_they_gave_with_its_day(pages: Pages) -> None:
    browser = pages.browser()
    await browser.send("/bli-medlem/", epost=NEW, samtykke="ja")
    await browser.send("/bli-medlem/kode/", kode=(await newest_letter(pages.parts)).code)
    page = text_of(await browser.open("/min-side/"))
    assert "Jeg samtykker i at Foreningen <Eksempel> lagrer e-postadressen min" in page
    assert "Gitt på nettsidene. Bekreftet" in page
    document = json.loads((await browser.open("/min-side/alt.json")).text)
    assert document["samtykke"]["ord"]["version"] == "2026-11"
    assert document["samtykke"]["bekreftet"]
