"""Which articles are related, and in which lists an article stands."""

from hypothesis import given
from hypothesis import strategies as st

from services.render.articles.lists import (
    ALL,
    NEAR,
    RELATED,
    Near,
    lists_of,
    reach,
    related,
    topic_list,
)
from tests.make import alert, news, revision

NAMES = st.sampled_from([ALL, "topic:sovn", "topic:kost", "subject:exempla"])
NEARS = st.builds(lambda name, number: Near(name, f"a{number}", number), NAMES, st.integers(0, 9))


@given(st.lists(NEARS, unique=True))
def test_related_are_some_of_those_near_and_none_twice(near: list[Near]) -> None:
    found = related(near)
    assert len(found) == len(set(found)) == min(RELATED, len({one.article for one in near}))
    assert set(found) <= {one.article for one in near}


@given(st.lists(NEARS, unique=True), st.randoms())
def test_the_order_in_which_they_are_read_does_not_count(near: list[Near], random: object) -> None:
    shuffled = sorted(near, key=lambda one: hash((one, id(random))))
    assert related(near) == related(shuffled)


def test_one_medicine_counts_more_than_three_topics() -> None:
    topics = [Near(f"topic:{name}", "by-topics", 9) for name in "abc"]
    assert related([*topics, Near("subject:x", "by-medicine", 1)])[0] == "by-medicine"


def test_of_those_that_share_as_much_the_newest_is_first() -> None:
    near = [Near("topic:a", f"a{number}", number) for number in (3, 9, 5)]
    assert related(near) == ["a9", "a5", "a3"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_topics_that_differ_in_case_alone_are_one_list(topic: str) -> None:
    one = revision(news(topics=["Ett", "ETT", "to"]))
    assert lists_of(one, listed=True) == [ALL, "topic:ett", "topic:to"]
    assert " " not in topic_list(topic), "marks are split at spaces"


def test_what_no_list_shows_is_in_none() -> None:
    assert lists_of(revision(alert()), listed=False) == []
    assert lists_of(revision(alert()), listed=True)[:2] == [ALL, "alerts"]


def test_those_after_are_related_by_topic_and_medicine_but_not_by_date_alone() -> None:
    assert reach(ALL) == (NEAR, 0)
    assert reach("topic:a") == reach("subject:a") == (NEAR, NEAR)
