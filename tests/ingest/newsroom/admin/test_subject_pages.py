"""Subjects are added, changed and removed by a form, and nobody overwrites another."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.newsroom.admin import subject_form
from services.ingest.subjects.store import Subjects
from shared.subject import Subject
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody

TYPED = {
    "name": "Eksempelinib",
    "name_nn": "",
    "name_en": "",
    "substance": "eksempelinib",
    "brands": "Eksempa\n  Prøva \n\nEksempa",
    "atc": "L04AF01",
    "classes": "JAK-hemmere",
    "conditions": "leddgikt",
}
MEANT = Subject(
    id="eksempelinib",
    name="Eksempelinib",
    substance="eksempelinib",
    brands=("Eksempa", "Prøva"),
    atc=("L04AF01",),
    classes=("JAK-hemmere",),
    conditions=("leddgikt",),
)
_SEEN = re.compile(r'name="sett" value="([0-9a-f]*)"')


def seen_on(page: str) -> str:
    found = _SEEN.search(page)
    assert found
    return found[1]


async def test_a_subject_is_added_changed_and_removed(ingest: Ingest) -> None:
    subjects = Subjects(ingest.redis)
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/emner/nytt/")
        await browser.send("/redaksjon/emner/nytt/", **TYPED)
        assert await subjects.all() == [MEANT]
        page = (await browser.get("/redaksjon/emner/eksempelinib/")).text
        changed = TYPED | {"name": "Eksempelinib (Eksempa)", "sett": seen_on(page)}
        await browser.send("/redaksjon/emner/eksempelinib/", **changed)
        (subject,) = await subjects.all()
        assert (subject.id, subject.name) == ("eksempelinib", "Eksempelinib (Eksempa)")
        await browser.get("/redaksjon/emner/eksempelinib/")
        unsure = await browser.send("/redaksjon/emner/eksempelinib/fjern/")
        assert (unsure.status_code, len(await subjects.all())) == (422, 1)
        await browser.get("/redaksjon/emner/eksempelinib/")
        await browser.send("/redaksjon/emner/eksempelinib/fjern/", sikker="ja")
        assert await subjects.all() == []


async def test_what_is_wrong_is_said_by_its_field_and_nothing_typed_is_lost(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/emner/nytt/")
        typed = TYPED | {"name": "", "atc": "l04"}
        answer = await browser.send("/redaksjon/emner/nytt/", **typed)
        assert answer.status_code == 422
        assert 'href="#name"' in answer.text
        assert "Skriv en ATC-kode med store bokstaver" in answer.text
        assert "JAK-hemmere" in answer.text
        await Subjects(ingest.redis).put(MEANT, "Ola")
        taken = await browser.send("/redaksjon/emner/nytt/", **TYPED)
        assert "Det er alt et emne med denne adressen." in taken.text
    assert await Subjects(ingest.redis).all() == [MEANT]


async def test_two_who_change_a_subject_are_told_and_neither_loses_what_they_typed(
    ingest: Ingest,
) -> None:
    subjects = Subjects(ingest.redis)
    await subjects.put(MEANT, "operator")
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        page = (await browser.get("/redaksjon/emner/eksempelinib/")).text
        await subjects.put(MEANT.model_copy(update={"conditions": ("psoriasis",)}), "Ola")
        mine: dict[str, Any] = TYPED | {"name": "Mitt navn", "sett": seen_on(page)}
        answer = await browser.send("/redaksjon/emner/eksempelinib/", **mine)
        assert answer.status_code == 409
        assert "Mitt navn" in answer.text
        (stored,) = await subjects.all()
        assert stored.conditions == ("psoriasis",)
        again = mine | {"sett": seen_on(answer.text)}
        await browser.send("/redaksjon/emner/eksempelinib/", **again)
        (stored,) = await subjects.all()
        assert (stored.name, stored.conditions) == ("Mitt navn", ("leddgikt",))


NAMES = st.lists(st.from_regex(r"[A-ZÆØÅ][a-zæøå]{1,9}( [a-z]{1,5})?", fullmatch=True), max_size=4)


@given(NAMES, NAMES, st.booleans())
def test_what_a_form_shows_of_a_subject_is_the_same_subject_when_it_is_sent(
    brands: list[str], conditions: list[str], has_substance: bool
) -> None:
    subject = Subject(
        id="et-emne",
        name="Et emne",
        substance="virkestoff" if has_substance else None,
        brands=tuple(dict.fromkeys(brands)),
        conditions=tuple(dict.fromkeys(conditions)),
    )
    fields = subject_form.to_fields(subject)
    assert subject_form.to_subject(subject_form.typed(fields.__getitem__)) == subject


ANY = st.text(max_size=80) | st.sampled_from(["", "L04", "a\nb", "\ud800", "x" * 3000, "é" * 70])


@given(st.fixed_dictionaries(dict.fromkeys(TYPED, ANY) | {"id": ANY}))
def test_whatever_is_typed_is_a_subject_or_each_wrong_field_is_told_in_a_sentence(
    fields: dict[str, str],
) -> None:
    made = subject_form.to_subject(fields)
    if isinstance(made, Subject):
        assert made.name
        return
    assert made
    assert made.keys() <= fields.keys(), "each is a field of the form"
    assert all(message[0].isupper() and message.endswith(".") for message in made.values())
