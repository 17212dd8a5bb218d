"""«Min side»: a member sees and changes what there is about them, and nobody else does."""

import json
from datetime import UTC, datetime

import pytest

from services.notify.bounces.marks import Mark
from shared.visitors.cookies import MEMBER_COOKIES
from shared.visitors.sources import LIMIT
from tests.notify.member_pages.conftest import (
    MEMBERS,
    NEW,
    ONE,
    Pages,
    know_subjects,
    newest_letter,
    text_of,
)

_PATHS = (
    *("/min-side/", "/min-side/alt.json", "/min-side/opplysninger/", "/min-side/emner/"),
    *("/min-side/adresse/", "/min-side/meld-av/", "/min-side/slett/", "/bli-medlem/velkommen/"),
)
_POSTS = (
    *("/min-side/opplysninger/", "/min-side/emner/", "/min-side/adresse/", "/min-side/meld-av/"),
    *("/min-side/slett/", "/min-side/kom-tilbake/"),
)


async def test_a_member_logs_in_by_the_letters_code_or_by_its_link(pages: Pages) -> None:
    await pages.logged_in()
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
    browser = await pages.logged_in()
    for data in ({}, {"skjema": token}):
        assert (await browser.http.post(path, data=data)).status_code == 403
    record = await pages.parts.members.records([1])
    assert pages.parts.members.open(1, record[1]).name == "Kåre"
    assert await pages.members() == MEMBERS


async def test_name_and_language_are_changed_and_the_page_speaks_it(pages: Pages) -> None:
    browser = await pages.logged_in()
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
    first, second = await pages.logged_in(), await pages.logged_in()
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
    browser = await pages.logged_in()
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


async def test_one_button_logs_out_here_and_one_everywhere(pages: Pages) -> None:
    here, there, other = [await pages.logged_in() for _ in range(3)]
    answer = await here.fill(await here.open("/min-side/"), hvor="her")
    assert "Du er logget ut." in text_of(answer)
    assert ONE in text_of(await there.open("/min-side/"))
    answer = await there.fill(await there.open("/min-side/"), hvor="overalt")
    assert "alle andre nettlesere" in text_of(answer)
    assert "Logg inn" in text_of(await other.open("/min-side/"))


async def test_a_log_in_has_a_session_of_its_own_so_that_none_can_be_planted(pages: Pages) -> None:
    browser = await pages.logged_in()
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
    browser = await pages.logged_in()
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
        "adressen_byttet": [],
    }
    assert document["samtykke"]["hvordan"] == "import"
    assert document["emner"] == ["leddgikt"]
    [session] = document["innlogginger"]
    assert session["med"] == "brev"
    for empty in ("varsler", "meldinger", "retur", "avmeldinger", "tidligere", "passnokler"):
        assert document[empty] == []


async def test_who_takes_it_along_without_end_is_told_to_wait(pages: Pages) -> None:
    browser = await pages.logged_in()
    answers = [(await browser.open("/min-side/alt.json")).status_code for _ in range(LIMIT)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert (await browser.open("/min-side/")).status_code == 200


async def test_who_cannot_be_reached_sees_it_and_is_believed_again_when_a_letter_arrives(
    pages: Pages,
) -> None:
    browser = await pages.logged_in()
    bounces, now = pages.parts.bounces, int(datetime.now(UTC).timestamp())
    for delivery, at in (("a.1", now - 4 * 86400), ("b.1", now)):
        mark = Mark(delivery, at, "5.1.1", at, bounces.address(ONE))
        await bounces.mark(1, bounces.domain(ONE), mark)
    page = text_of(await browser.open("/min-side/"))
    assert "har kommet i retur, så nye varsler blir ikke sendt" in page
    assert f"Du får sikkerhetsvarsler på e-post til {ONE}" not in page
    await pages.logged_in()
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
