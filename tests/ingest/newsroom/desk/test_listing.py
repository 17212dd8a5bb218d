"""The list has each article once, where it belongs, and says whose turn it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.desk.shape import in_shape
from services.ingest.desk.store import WorkingCopy
from services.ingest.lifecycle.life import ArticleState, Last, Life, Returned
from services.ingest.lifecycle.steps import Rules
from services.ingest.newsroom.desk.listing import SHOWN, ListEyes, ListPart, listing
from services.ingest.newsroom.desk.next_step import time_left
from services.ingest.people.person import Person
from shared.revision import Author, Past

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
RULES = Rules(approvals=1, hold=timedelta(minutes=5))
KARI, OLA = Person("0" * 16, "Kari", "editor"), Person("1" * 16, "Ola", "approver")


def life(number: int, state: str = "draft", **more: Any) -> Life:
    values = {
        "id": f"sak{number:09d}", "kind": "safety_alert", "mode": "actual", "state": state,
        "title": f"Sak {number}", "slug": "en-sak", "sha256": "0" * 64, "created_at": NOW,
        "authors": (Author(person=KARI.id, name="Kari"),),
        "last": Last(step="submit", by="Kari", at=NOW + timedelta(seconds=number)),
    }  # fmt: skip
    if state in ("published", "withdrawn"):
        values["history"] = (Past(revision=1, at=NOW),)
    return Life.model_validate(values | more)


def copy(number: int, title: str = "") -> WorkingCopy:
    fields = in_shape({"kind": "safety_alert", "title": title})
    return WorkingCopy(f"sak{number:09d}", 1, fields, {KARI.id: "Kari"}, KARI.id, NOW, 0)


def rejected(number: int) -> Life:
    returned = Returned(revision=1, step="reject", by="Ola", at=NOW, note="Dosen er feil.")
    return life(number, returns=(returned,), last=Last(step="reject", by="Ola", at=NOW))


def shown(parts: list[ListPart]) -> dict[str, list[str]]:
    return {part.id: [one.title for one in part.articles] for part in parts}


def test_whose_turn_it_is_comes_first() -> None:
    lives = [
        life(1, "in_review"), rejected(2), life(3, "approved", due=NOW + timedelta(minutes=5)),
        life(4, "published"), life(5, "withdrawn"), life(6),
    ]  # fmt: skip
    for_ola = listing(lives, [copy(7, "Ny")], ListEyes(OLA, RULES, NOW))
    assert shown(for_ola) == {
        "deg": ["Sak 1"], "utkast": ["Sak 6", "Sak 2", "Ny"], "planlagt": ["Sak 3"],
        "ute": ["Sak 4"], "trukket": ["Sak 5"],
    }  # fmt: skip
    for_kari = listing(lives, [copy(7, "Ny")], ListEyes(KARI, RULES, NOW))
    assert shown(for_kari)["deg"] == ["Sak 2"]
    assert shown(for_kari)["godkjenning"] == ["Sak 1"]
    (waiting,) = for_kari[0].articles
    assert (waiting.by, waiting.what, waiting.note) == ("Ola", "avviste", "Dosen er feil.")
    scheduled = next(part for part in for_kari if part.id == "planlagt").articles[0]
    assert scheduled.left == "om 5 minutter"


STATES = st.sampled_from(["draft", "in_review", "approved", "published", "withdrawn"])


@given(st.lists(STATES, max_size=80), st.sets(st.integers(0, 90)), st.sampled_from([KARI, OLA]))
def test_each_article_is_listed_once_with_what_is_typed_on_it(
    states: list[str], typed: set[int], who: Person
) -> None:
    lives = [life(number, state) for number, state in enumerate(states)]
    parts = listing(lives, [copy(number) for number in typed], ListEyes(who, RULES, NOW))
    ids = [one.id for part in parts for one in part.articles]
    wanted = {one.id for one in lives} | {copy(number).id for number in typed}
    assert len(ids) == len(set(ids)) == len(wanted) - sum(part.older for part in parts)
    assert set(ids) <= wanted
    assert all(len(part.articles) <= SHOWN for part in parts)


def test_each_part_says_how_many_there_are_beyond_those_that_were_read() -> None:
    lives = [life(number, "published") for number in range(SHOWN + 5)] + [life(90), life(91)]
    totals: dict[ArticleState, int] = {"published": 700, "draft": 2}
    parts = listing(lives, [copy(92)], ListEyes(OLA, RULES, NOW), totals, {life(54).id})
    assert {part.id: (len(part.articles), part.older) for part in parts} == {
        "utkast": (3, 0), "ute": (SHOWN, 700 - SHOWN),
    }  # fmt: skip
    (standing,) = [row.id for part in parts for row in part.articles if row.stands]
    assert standing == life(54).id


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-1, "nå"), (1, "om under to minutter"), (5, "om 5 minutter"), (120, "om 2 timer"),
        (3 * 24 * 60, "om 3 dager"),
    ],
)  # fmt: skip
def test_time_left_is_said_in_words(minutes: int, words: str) -> None:
    assert time_left(NOW + timedelta(minutes=minutes), NOW) == words
