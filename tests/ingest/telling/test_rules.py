"""Who is told of what: nobody of what has passed, nobody twice, and nobody who is not concerned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.telling.telling import (
    LATE_AFTER,
    MAIL_BEGINS_WITHIN,
    REMIND_AFTER,
    StaffFacts,
    StepTaken,
    Telling,
    after_step,
    judge,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ARTICLE = "0123456789abcdef"
KARI, OLA, LIV = "00000000000000aa", "00000000000000bb", "00000000000000cc"

people = st.lists(st.sampled_from([KARI, OLA, LIV]), unique=True).map(tuple)
times = st.none() | st.integers(-7200, 7200).map(lambda s: NOW + timedelta(seconds=s))
states = st.sampled_from(["draft", "in_review", "approved", "published", "withdrawn"])
steps = st.builds(
    StepTaken,
    article=st.just(ARTICLE),
    version=st.integers(1, 9),
    revision=st.integers(1, 9),
    acts=st.frozensets(
        st.sampled_from(
            ["saved", "submitted", "approved", "rejected", "stopped", "published", "withdrawn"]
        )
    ),
    state=states,
    mails=st.booleans(),
    concerned=people,
    was_due=times,
    time=times,
    now=st.just(NOW),
)
facts = st.builds(
    StaffFacts,
    state=states,
    revision=st.integers(1, 3),
    wrote_or_approved=people,
    may_approve=people,
    time=times,
    stands=st.booleans(),
    staff=people.map(frozenset),
)
tellings = st.builds(
    Telling,
    about=st.sampled_from(
        ["waits", "rejected", "stopped", "not_published", "published_late", "mail_stands"]
    ),
    article=st.just(ARTICLE),
    revision=st.integers(1, 3),
    people=people,
    times=st.integers(0, 1),
)


def step(*acts: str, state: str = "draft", **more: object) -> StepTaken:
    base = StepTaken(
        article=ARTICLE,
        version=4,
        revision=2,
        acts=frozenset(acts),
        state=state,
        mails=False,
        concerned=(KARI, OLA),
        was_due=None,
        time=None,
        now=NOW,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def told(step: StepTaken) -> dict[str, datetime]:
    return {one.telling.about: one.at for one in after_step(step)}


@given(steps)
def test_a_step_plans_nothing_before_it_and_each_thing_once(taken: StepTaken) -> None:
    planned = after_step(taken)
    assert len({one.id for one in planned}) == len(planned)
    assert all(one.at >= taken.now for one in planned)
    assert all(set(one.telling.people) <= set(taken.concerned) for one in planned)


@given(steps, st.sampled_from(["rejected", "stopped"]))
def test_whatever_else_a_step_does_who_is_concerned_hears_that_it_came_back(
    taken: StepTaken, act: str
) -> None:
    planned = after_step(replace(taken, acts=taken.acts | {act}))
    (one,) = [one for one in planned if one.telling.about == act]
    assert one.at == taken.now
    assert one.telling.people == taken.concerned


@given(tellings, facts)
def test_only_who_is_concerned_is_told(telling: Telling, now: StaffFacts) -> None:
    judged = judge(telling, now, NOW, NOW)
    assert set(judged.people or ()) <= now.staff
    if telling.about == "waits":
        assert set(judged.people or ()) <= set(now.may_approve)
    else:
        assert set(judged.people or ()) <= {*telling.people, *now.wrote_or_approved}


@given(tellings, st.lists(facts, min_size=8, max_size=8))
def test_nothing_is_told_for_ever(telling: Telling, then: list[StaffFacts]) -> None:
    """By itself a telling is due at most twice: each further time has a cause of its own."""
    due, kept, count = NOW, telling, 0
    for one in then:
        judged = judge(kept, one, due, due)
        count += judged.people is not None
        if judged.after is None or judged.at is None:
            break
        assert judged.at > due
        due, kept = judged.at, judged.after
    else:
        raise AssertionError("it never ended")
    assert count <= 2


@given(facts)
def test_what_waits_is_told_at_once_and_once_more_after_fifteen_minutes(now: StaffFacts) -> None:
    (planned,) = after_step(step("submitted", state="in_review"))
    waits = replace(now, state="in_review", revision=2, staff=frozenset({KARI, OLA, LIV}))
    first = judge(planned.telling, waits, planned.at, NOW)
    assert (planned.at, first.people) == (NOW, now.may_approve)
    assert first.at == NOW + REMIND_AFTER
    assert first.after
    again = judge(first.after, waits, first.at, first.at)
    assert (again.people, again.after, again.at) == (now.may_approve, None, None)


@given(facts)
def test_nobody_is_reminded_of_what_waits_no_more(now: StaffFacts) -> None:
    telling = Telling(about="waits", article=ARTICLE, revision=2, times=1)
    judged = judge(telling, now, NOW, NOW)
    assert (judged.people is not None) == ((now.state, now.revision) == ("in_review", 2))


@given(facts, st.integers(-3600, 3600))
def test_a_time_that_was_missed_is_told_and_one_that_was_kept_is_not(
    now: StaffFacts, seconds: int
) -> None:
    at = NOW + timedelta(seconds=seconds)
    telling = Telling(about="not_published", article=ARTICLE, people=(KARI,))
    judged = judge(telling, replace(now, time=at), NOW, NOW)
    missed = at <= NOW and now.state in ("in_review", "approved")
    assert (judged.people is not None) == missed
    assert judged.after is None


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_mail_that_stands_is_told_once_each_time_that_it_begins_to(looks: list[bool]) -> None:
    telling = Telling(about="mail_stands", article=ARTICLE, people=(KARI, OLA))
    heard = []
    for stands in looks:
        judged = judge(telling, StaffFacts(state="published", stands=stands), NOW, NOW)
        assert judged.after
        telling = judged.after
        heard.append(judged.people is not None)
    before = [False, *looks]
    assert heard == [now and not was for was, now in zip(before, looks, strict=False)]


def test_a_time_to_come_is_looked_at_a_minute_after_it() -> None:
    at = NOW + timedelta(hours=1)
    for state in ("in_review", "approved"):
        assert told(step("submitted", state=state, time=at))["not_published"] == at + LATE_AFTER
    assert "not_published" not in told(step("submitted", state="in_review", time=NOW))


def test_what_came_out_after_its_time_is_told_and_what_came_in_time_is_not() -> None:
    out = step("published", state="published")
    late = replace(out, was_due=NOW - LATE_AFTER - timedelta(seconds=1))
    assert told(late) == {"published_late": NOW}
    assert told(replace(out, was_due=NOW - timedelta(seconds=1))) == {}


def test_mail_is_looked_at_once_it_should_have_begun() -> None:
    assert told(step("published", state="published", mails=True)) == {
        "mail_stands": NOW + MAIL_BEGINS_WITHIN
    }


def test_what_the_clock_sent_back_to_review_waits_there() -> None:
    """More approvals are wanted than when it was approved."""
    assert told(step("stopped", state="in_review")) == {"stopped": NOW, "waits": NOW}
