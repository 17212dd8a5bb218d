"""Of two texts of one article nothing is chosen by chance."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.desk.differences import differing, marks, merged, parts
from services.ingest.desk.from_article import from_article
from services.ingest.desk.shape import Fields, in_shape
from tests import make
from tests.ingest.desk.articles import any_typed

typed = any_typed().map(in_shape)


@given(typed, typed, st.data())
def test_each_part_of_the_merged_text_is_the_one_that_was_chosen(
    mine: Fields, theirs: Fields, data: st.DataObject
) -> None:
    sides = st.sampled_from(["mine", "theirs"])
    chosen = {part.path: data.draw(sides) for part in differing(mine, theirs)}
    result = parts(merged(mine, theirs, chosen))
    for path, value in result.items():
        source = mine if chosen.get(path) == "mine" else theirs
        assert value == parts(source)[path]


@given(typed, typed, typed)
def test_who_changed_a_part_is_known_from_what_was_seen(
    seen: Fields, mine: Fields, theirs: Fields
) -> None:
    before = parts(seen)
    for part in differing(mine, theirs, marks(seen)):
        me, them = part.mine != before[part.path], part.theirs != before[part.path]
        assert part.changed_by == ("both" if me and them else "mine" if me else "theirs")
    assert all(part.changed_by is None for part in differing(mine, theirs, "tull"))
    assert differing(mine, mine, marks(seen)) == []


def test_what_two_changed_in_different_places_needs_no_choice() -> None:
    seen = from_article(make.alert())
    mine, theirs = seen | {"title": "Min"}, seen | {"lead": "Deres"}
    found = {part.path: part.changed_by for part in differing(mine, theirs, marks(seen))}
    assert found == {"title": "mine", "lead": "theirs"}
    result = merged(mine, theirs, {"title": "mine", "lead": "theirs"})
    assert (result["title"], result["lead"]) == ("Min", "Deres")


def test_both_texts_are_kept_one_below_the_other() -> None:
    mine, theirs = from_article(make.news(body="Min")), from_article(make.news(body="Deres\n"))
    assert merged(mine, theirs, {"body": "both"})["body"] == "Deres\n\nMin"
