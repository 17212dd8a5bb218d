"""A published revision tells how many people approved it: people, whatever they are called."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.revision import Approval, Author, Revision, carried_id
from tests.make import alert, revision

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
WHOLE: Revision = revision(alert())
NAMES = st.sampled_from(["Kari", "Kari Eksempel", "Ola"])
IDS = st.sampled_from([carried_id(name) for name in ("1", "2", "3", "4")])
PEOPLE = st.lists(st.tuples(IDS, NAMES, st.sampled_from([WHOLE.sha256, "0" * 64])), max_size=6)


@given(PEOPLE, PEOPLE, st.integers(0, 3), st.frozensets(IDS))
def test_as_many_people_approved_as_have_an_id_that_is_no_authors_and_not_void(
    approvers: list[tuple[str, str, str]],
    authors: list[tuple[str, str, str]],
    wanted: int,
    void: frozenset[str],
) -> None:
    said = WHOLE.model_copy(
        update={
            "authors": tuple(Author(person=id_, name=name) for id_, name, _ in authors),
            "approvals": tuple(
                Approval(person=id_, by=name, at=NOW, sha256=sha256)
                for id_, name, sha256 in approvers
            ),
        }
    )
    wrote = {id_ for id_, _, _ in authors}
    agreed = {id_ for id_, _, sha256 in approvers if sha256 == WHOLE.sha256}
    assert said.is_approved(wanted) == (len(agreed - wrote) >= wanted)
    assert said.is_approved(wanted, void) == (len(agreed - wrote - void) >= wanted)
