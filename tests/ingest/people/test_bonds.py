"""Before anybody approves, it is named who let whom in."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.people.bonds import bonds
from services.ingest.people.let_in import LetIn, LetInBy


@dataclass(frozen=True)
class Record:
    name: str
    by: str | None


KARI, OLA, ANNE = Record("Kari", None), Record("Ola", "kari"), Record("Anne", "ola")
RECORDS = {"kari": KARI, "ola": OLA, "anne": ANNE}
IDS = st.sampled_from([*RECORDS, "nobody"])


def test_an_approver_whom_the_author_invited_is_named_with_that() -> None:
    (bond,) = bonds(["ola"], {"kari"}, RECORDS)
    assert (
        bond.text.format(**bond.values)
        == "Ola ble invitert av Kari, som har skrevet på denne saken."
    )


def test_whoever_invited_an_approver_is_named_if_they_wrote_nothing_too() -> None:
    (bond,) = bonds(["anne"], {"kari"}, RECORDS)
    assert bond.text.format(**bond.values) == "Anne ble invitert av Ola."
    (bond,) = bonds(["kari"], set(), RECORDS)
    assert bond.text.format(**bond.values) == "Kari er lagt til av den som drifter Varsel."


def test_an_author_whom_the_approver_invited_is_named() -> None:
    assert [bond.name for bond in bonds(["ola"], ["anne"], RECORDS)] == ["Ola", "Anne"]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("link", "Anne fikk en ny lenke inn av Kari, som har skrevet på denne saken."),
        ("key", "Anne har en nøkkel som er laget av Kari, som har skrevet på denne saken."),
        ("role", "Anne fikk rollen sin av Kari, som har skrevet på denne saken."),
    ],
)
def test_an_approver_whom_the_author_let_in_later_is_named_with_that(
    what: LetInBy, words: str
) -> None:
    let_in = [LetIn("anne", what, "kari")]
    _, bond = bonds(["anne"], {"kari"}, RECORDS, let_in)
    assert bond.text.format(**bond.values) == words
    assert bond.is_by_author
    assert len(bonds(["anne"], {"ola"}, RECORDS, let_in)) == 1, "Kari wrote nothing of it"


def test_an_author_whom_the_approver_may_come_in_as_is_named() -> None:
    let_in = [LetIn("ola", "link", "anne"), LetIn("ola", "role", "anne")]
    _, bond = bonds(["anne"], {"ola"}, RECORDS, let_in)
    assert bond.text.format(**bond.values) == "Ola fikk en ny lenke inn av Anne."


def test_the_link_of_the_invitation_itself_is_not_named_twice() -> None:
    assert len(bonds(["ola"], {"kari"}, RECORDS, [LetIn("ola", "link", "kari")])) == 1


@given(st.lists(IDS), st.sets(IDS), st.dictionaries(IDS, st.builds(Record, IDS, st.none() | IDS)))
def test_every_approver_who_is_known_is_named_once_and_every_author_they_invited(
    approvers: list[str], authors: set[str], records: dict[str, Record]
) -> None:
    found = bonds(approvers, authors, records)
    named = [bond.person for bond in found]
    assert len(named) == len(set(named))
    assert set(approvers) & set(records) <= set(named)
    for one in authors & set(records):
        assert (one in named) == (one in approvers or records[one].by in approvers)
    for bond in found:
        assert bond.is_by_author == (records[bond.person].by in authors)
