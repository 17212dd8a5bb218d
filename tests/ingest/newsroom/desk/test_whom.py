"""Whoever writes an alert sees whom it goes to while they write, and before they send it in."""

import re
from typing import Any

import pytest

from services.ingest.lifecycle.store import Articles
from services.ingest.newsroom.shown.whom import whom
from services.ingest.subjects.store import Subjects
from shared.article import Lang
from shared.subject import Subject
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT, FormFields, again, begin, write
from tests.ingest.newsroom.steps import browser_of, somebody

SUBJECTS = (
    Subject(id="eksempelinib", name="Eksempelinib", substance="eksempelinib", brands=("Exempla",)),
    Subject(id="leddgikt", name="Leddgikt", conditions=("leddgikt",)),
)
CHOSEN = "dem som har valgt Eksempelinib, og til dem som vil ha alle"


def alert(*substances: str, **more: Any) -> dict[str, Any]:
    medicines = [{"substance": one, "brands": ""} for one in substances]
    return {"kind": "safety_alert", "alert": {"medicines": medicines} | more}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (alert(), "Skriv hvilke medisiner"),
        (alert("  "), "Skriv hvilke medisiner"),
        (alert("eksempelinib"), CHOSEN),
        (alert("Eksempelinib "), CHOSEN),
        (alert(conditions="leddgikt"), "valgt Leddgikt"),
        (alert("eksempelinib", conditions="leddgikt"), "valgt Eksempelinib, Leddgikt"),
        (alert("eksempelnib"), "ikke er navn på noe emne: «eksempelnib»"),
        (alert("eksempelinib", "annet"), "til alle, fordi dette ikke er navn på noe emne: «annet»"),
        (alert("eksempelinib", severity="extreme"), "til alle, fordi den er svært alvorlig"),
        (alert("eksempelinib", mode="exercise"), "merket som ansatte"),
        (alert("eksempelinib") | {"change": {"kind": "correction"}}, "som har fått varselet"),
        (alert("feil") | {"change": {"kind": "correction"}}, "ikke er navn på noe emne: «feil»"),
        (alert("eksempelinib") | {"change": {"kind": "edit"}}, "Ingen. "),
    ],
)
def test_it_is_said_as_far_as_it_is_known(fields: dict[str, Any], said: str) -> None:
    assert said in whom(fields, SUBJECTS, "nb", is_live=True)


def test_of_what_is_not_mailed_or_cannot_be_chosen_nothing_is_said() -> None:
    assert whom({"kind": "news"}, SUBJECTS, "nb", is_live=False) == ""
    assert whom(alert("eksempelinib"), (), "nb", is_live=False) == ""


@pytest.mark.parametrize(("lang", "word"), [("nb", "Ikke"), ("nn", "Ikkje")])
def test_it_is_in_the_language_of_whoever_writes(lang: Lang, word: str) -> None:
    assert word.lower() in whom(alert("feil"), SUBJECTS, lang, is_live=False)


async def test_whoever_writes_sees_it_at_each_save_and_before_sending_in(ingest: Ingest) -> None:
    for subject in SUBJECTS:
        await Subjects(ingest.redis).put(subject, "Ola")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari)
        assert shown(kari.page).startswith("Skriv hvilke medisiner")
        fields = FormFields(kari.page).dict() | {"alert.medicines.0.substance": "eksempelnib"}
        saved = await kari.http.post(
            f"{sak}lagre", data=fields, headers={"If-Match": f'"{fields["utgave"]}"'}
        )
        assert "«eksempelnib»" in saved.json()["whom"]
        await kari.get(f"{sak}skriv/")
        assert shown(kari.page) == saved.json()["whom"]
        await again(kari, sak, **WHOLE_ALERT)
        assert CHOSEN in shown(kari.page)
        await kari.get(f"{sak}send-inn/")
        assert CHOSEN in kari.page
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        await kari.send(f"{sak}send-inn/", utgave=seen)
        life = await Articles(ingest.redis).life(sak.split("/")[-2])
        assert life and life.matched
        assert life.matched.subjects == ("eksempelinib",), "and that is what was sent in"


async def test_of_a_piece_of_news_there_is_no_room_for_it(ingest: Ingest) -> None:
    await Subjects(ingest.redis).put(SUBJECTS[0], "Ola")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        sak = await begin(kari, "nyhet")
        await write(kari, sak, title="Noe nytt")
        assert "data-whom hidden" in kari.page


def shown(page: str) -> str:
    found = re.search(r"<div data-whom>\s*<h2>Hvem får den\?</h2>\s*<p[^>]*>([^<]*)</p>", page)
    assert found
    return found[1]
