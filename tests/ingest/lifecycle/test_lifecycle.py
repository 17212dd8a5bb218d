"""The life of an article, without a server: several people take steps in any order, and however
they do, nothing is published without the approvals that it needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.steps import Content, Rules, StepResult, Turn
from services.ingest.people.person import Person
from services.ingest.problems import Problem
from shared.revision import Change
from tests.examples import examples
from tests.ingest.staff_at_work import a_person

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
HOLD = timedelta(seconds=60)
KARI, OLA = a_person("Kari"), a_person("Ola", "approver")
ASE, PER = a_person("Åse", "approver"), a_person("Per", "admin")
ALSO_KARI = replace(KARI, name="Kari Eksempel", role="approver")
"""She, once she has another name and more rights."""
PEOPLE = (KARI, OLA, ASE, PER, ALSO_KARI)
MODES = ("actual", "exercise", "test")
REASON = Change(kind="withdrawal", note="Tilsynet tok feil.")


def content(number: int = 1, **overrides: Any) -> Content:
    fields = {"kind": "safety_alert", "title": "T", "slug": "t", "sha256": f"{number:064x}"}
    return Content.model_validate(fields | overrides)


def turn(who: Person, now: datetime = NOW, approvals: int = 1, hold: timedelta = HOLD) -> Turn:
    return Turn(who, now, Rules(approvals, hold))


def in_review(approvals: int = 1) -> Life:
    life = steps.begin("a1b2c3d4e5f6", content(), turn(KARI)).life
    return steps.submit(life, turn(KARI, approvals=approvals), "0" * 32).life


def live(**overrides: Any) -> Life:
    free = turn(KARI, approvals=0, hold=timedelta())
    life = steps.begin("a1b2c3d4e5f6", content(**overrides), free).life
    return steps.submit(life, free, "0" * 32).life


def said(problem: pytest.ExceptionInfo[Problem]) -> str:
    return str(problem.value.document())


class Machine(RuleBasedStateMachine):
    """Steps at random, beside a plain record of who has done what."""

    @initialize(
        approvals=st.integers(0, 2),
        hold=st.sampled_from([timedelta(), HOLD]),
        kind=st.sampled_from(["safety_alert", "news"]),
        mode=st.sampled_from(MODES),
        who=st.sampled_from(PEOPLE),
    )
    def begin(self, approvals: int, hold: timedelta, kind: str, mode: str, who: Person) -> None:
        self.now, self.approvals, self.hold, self.kind = NOW, approvals, hold, kind
        self.contents, self.wrote, self.said_yes = 1, {who.id}, set[str]()
        self.modes = set[str | None]()
        first = content(kind=kind, mode=self.mode(mode))
        self.life: Life = steps.begin("a1b2c3d4e5f6", first, self.turn(who)).life
        self.withdrawn = False

    def turn(self, who: Person) -> Turn:
        return turn(who, self.now, self.approvals, self.hold)

    def mode(self, mode: str) -> str | None:
        return mode if self.kind == "safety_alert" else None

    def take(self, step: Any, *arguments: Any) -> StepResult | None:
        """Take a step, twice: the second time must change nothing."""
        try:
            taken: StepResult = step(self.life, *arguments)
        except Problem as problem:
            assert problem.status in (403, 409, 422)
            return None
        assert not self.withdrawn or not taken.acts, "withdrawn is for good"
        assert not step(taken.life, *arguments).acts, "a step that is done already does nothing"
        if taken.event in ("published", "revised"):
            self.modes.add(taken.life.mode)
            assert len(self.modes) == 1, "readers are never told that it was an exercise after all"
            wanted = self.approvals if self.kind == "safety_alert" else 0
            assert len(self.said_yes - self.wrote) >= wanted
            by_the_clock = taken.life.last.by == steps.CLOCK
            assert by_the_clock or self.kind == "news" or not self.hold
            assert [past.revision for past in taken.life.history] == sorted(
                {past.revision for past in taken.life.history}
            )
        if taken.acts and taken.life.state == "approved" and self.kind == "safety_alert":
            assert taken.life.due is not None
            assert taken.life.due >= self.now + self.hold
        self.life = taken.life
        return taken

    @rule(who=st.sampled_from(PEOPLE), change=st.sampled_from(["edit", "correction", None]),
          later=st.sampled_from([None, timedelta(hours=1), timedelta(hours=-1)]),
          mode=st.sampled_from(MODES))  # fmt: skip
    def save(self, who: Person, change: Any, later: timedelta | None, mode: str) -> None:
        self.contents += 1
        note = {"kind": change, "note": "Endret."} if change else None
        when = self.now + later if later else None
        new = content(
            self.contents, kind=self.kind, mode=self.mode(mode), change=note, publish_at=when
        )
        if self.take(steps.save, new, self.turn(who)):
            self.wrote.add(who.id)
            self.said_yes = set()
            assert (self.life.state, self.life.approvals) == ("draft", ())
            assert self.life.due is None

    @rule(who=st.sampled_from(PEOPLE))
    def submit(self, who: Person) -> None:
        self.take(steps.submit, self.turn(who), "0" * 32)

    @rule(who=st.sampled_from(PEOPLE))
    def approve(self, who: Person) -> None:
        before = self.life
        try:
            steps.approve(before, self.turn(who))
        except Problem:
            return
        assert who.role != "editor"
        assert who.id not in self.wrote
        if before.state == "in_review":
            self.said_yes.add(who.id)
        self.take(steps.approve, self.turn(who))

    @rule(who=st.sampled_from(PEOPLE))
    def reject(self, who: Person) -> None:
        if (taken := self.take(steps.reject, self.turn(who), "Nei.")) and taken.acts:
            self.said_yes = set()

    @rule(who=st.sampled_from(PEOPLE))
    def stop(self, who: Person) -> None:
        if (taken := self.take(steps.stop, self.turn(who), None)) and taken.acts:
            self.said_yes = set()

    @rule(seconds=st.integers(0, 4000))
    def the_clock_goes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        due, rules = self.life.due, Rules(self.approvals, self.hold)
        taken = self.take(lambda life: steps.publish(life, self.now, rules))
        assert taken
        if taken.event:
            assert due is not None
            assert due <= self.now

    @rule(approvals=st.integers(0, 2))
    def the_setting_changes(self, approvals: int) -> None:
        self.approvals = approvals

    @rule(who=st.sampled_from(PEOPLE))
    def withdraw(self, who: Person) -> None:
        was_live = self.life.live is not None
        if self.take(steps.withdraw, self.turn(who), REASON, "f" * 64):
            assert was_live or self.withdrawn
            self.withdrawn = True

    @invariant()
    def what_is_told_is_possible_and_only_that(self) -> None:
        for who in PEOPLE:
            told = steps.possible(self.life, who, Rules(self.approvals, self.hold))
            assert ("approve" in told) <= (who.id not in self.wrote)
            assert not self.withdrawn or told == ()

    @invariant()
    def an_approver_is_no_author(self) -> None:
        assert not self.life.approvers & {author.person for author in self.life.authors}


Machine.TestCase.settings = settings(max_examples=examples(400), stateful_step_count=40)
TestNothingIsPublishedWithoutItsApprovals = Machine.TestCase


def test_an_author_cannot_approve_also_with_another_key() -> None:
    with pytest.raises(Problem) as problem:
        steps.approve(in_review(), turn(ALSO_KARI))
    assert problem.value.status == 403
    assert "skrevet på saken" in said(problem)


def test_an_editor_approves_nothing() -> None:
    with pytest.raises(Problem) as problem:
        steps.approve(in_review(), turn(a_person("Per")))
    assert problem.value.status == 403


def test_what_follows_a_publication_is_a_revision_of_it_at_the_same_address() -> None:
    change = Change(kind="edit")
    edited = steps.save(live(), content(2, change=change, slug="et-annet-sted"), turn(KARI)).life
    assert edited.slug == live().slug
    waiting = steps.submit(edited, turn(KARI), "0" * 32).life
    approved = steps.approve(waiting, turn(OLA)).life
    published = steps.publish(approved, NOW + HOLD, Rules(1, HOLD))
    assert (published.event, published.life.live) == ("revised", 2)


def test_an_earlier_author_cannot_approve_what_another_wrote_on() -> None:
    life = steps.save(in_review(), content(2), turn(OLA)).life
    life = steps.submit(life, turn(OLA), "0" * 32).life
    for author in (OLA, ALSO_KARI):
        with pytest.raises(Problem):
            steps.approve(life, turn(author))
    assert steps.approve(life, turn(ASE)).life.state == "approved"


def test_approvals_count_people_not_clicks() -> None:
    life = steps.approve(in_review(2), turn(OLA, approvals=2)).life
    again = steps.approve(life, turn(replace(OLA, name="Ola Eksempel"), approvals=2))
    assert (again.acts, again.life.state) == ((), "in_review")
    assert steps.approve(life, turn(ASE, approvals=2)).life.state == "approved"


def test_an_approved_alert_waits_the_hold_from_its_last_approval_or_for_its_later_time() -> None:
    approved = steps.approve(in_review(), turn(OLA)).life
    assert approved.due == NOW + HOLD
    later = in_review().model_copy(update={"publish_at": NOW + timedelta(hours=1)})
    assert steps.approve(later, turn(OLA)).life.due == NOW + timedelta(hours=1)
    past = in_review().model_copy(update={"publish_at": NOW - timedelta(hours=1)})
    assert steps.approve(past, turn(OLA)).life.due == NOW + HOLD


def test_it_is_published_at_its_time_and_not_before() -> None:
    approved = steps.approve(in_review(), turn(OLA)).life
    early = steps.publish(approved, NOW + HOLD - timedelta(microseconds=1), Rules(1, HOLD))
    assert early.acts == ()
    published = steps.publish(approved, NOW + HOLD, Rules(1, HOLD))
    assert (published.life.state, published.event) == ("published", "published")
    assert published.life.approvals == approved.approvals


def test_what_was_approved_waits_again_where_more_approvals_are_wanted_by_then() -> None:
    approved = steps.approve(in_review(), turn(OLA)).life
    waiting = steps.publish(approved, NOW + HOLD, Rules(2, HOLD))
    assert (waiting.life.state, waiting.event) == ("in_review", None)
    second = steps.approve(waiting.life, turn(ASE, NOW + HOLD, approvals=2))
    assert second.life.state == "approved"


def test_news_needs_no_approval_and_no_hold() -> None:
    life = steps.begin("a1b2c3d4e5f6", content(kind="news"), turn(KARI)).life
    assert steps.submit(life, turn(KARI), "0" * 32).life.state == "published"


def test_a_stopped_alert_is_a_draft_again_and_its_approvals_are_void() -> None:
    approved = steps.approve(in_review(), turn(OLA)).life
    stopped = steps.stop(approved, turn(KARI), "Feil dose.").life
    assert (stopped.state, stopped.approvals, stopped.due) == ("draft", (), None)
    assert (stopped.last.by, stopped.last.note) == ("Kari", "Feil dose.")


def test_a_published_article_is_changed_only_by_who_says_what_the_change_is() -> None:
    for change in (None, Change(kind="edit")):
        draft = steps.begin("a1b2c3d4e5f6", content(), turn(KARI)).life
        life, refused = (live(), change is None), "change"
        if change:
            life = (draft, True)
        with pytest.raises(Problem) as problem:
            steps.save(life[0], content(2, change=change), turn(KARI))
        assert problem.value.errors[0].field == refused
    edited = steps.save(live(), content(2, change=Change(kind="edit")), turn(KARI)).life
    assert (edited.state, edited.live, edited.revision) == ("draft", 1, 2)


@pytest.mark.parametrize("state", ["draft", "in_review", "approved"])
def test_no_edit_takes_the_place_of_a_correction_that_waits_wherever_it_waits(state: str) -> None:
    """Members who have the wrong text would not hear of it."""
    changes = [Change(kind=kind, note="Dosen var feil.") for kind in ("correction", "edit")]
    life = steps.save(live(), content(2, change=changes[0]), turn(KARI)).life
    if state != "draft":
        life = steps.submit(life, turn(KARI), "0" * 32).life
    if state == "approved":
        life = steps.approve(life, turn(OLA)).life
    assert life.state == state
    with pytest.raises(Problem) as refused:
        steps.save(life, content(3, change=changes[1]), turn(KARI))
    assert "en rettelse venter" in said(refused)
    again = steps.save(life, content(3, change=changes[0]), turn(KARI))
    assert (again.life.state, again.life.change) == ("draft", changes[0])


def test_saving_only_a_new_time_is_a_save_that_voids_approvals() -> None:
    waiting = steps.approve(in_review(), turn(OLA)).life
    later = NOW + timedelta(days=1)
    saved = steps.save(waiting, content(publish_at=later), turn(KARI))
    assert (saved.life.state, saved.life.revision, saved.life.due) == ("draft", 2, None)
    assert (saved.life.publish_at, saved.life.approvals) == (later, ())
    assert [act.what for act in saved.acts] == ["saved"]


def test_the_kind_of_what_is_published_cannot_change() -> None:
    with pytest.raises(Problem) as problem:
        other = content(2, kind="news", change=Change(kind="edit"))
        steps.save(live(), other, turn(KARI))
    assert problem.value.errors[0].field == "kind"


def test_the_mode_of_an_alert_that_is_live_cannot_change() -> None:
    for before, after in (("actual", "exercise"), ("test", "actual")):
        with pytest.raises(Problem) as problem:
            other = content(2, mode=after, change=Change(kind="correction", note="Øvelse."))
            steps.save(live(mode=before), other, turn(KARI))
        assert problem.value.errors[0].field == "alert.mode"
        assert "trekk" in problem.value.errors[0].message
        draft = steps.begin("a1b2c3d4e5f6", content(mode=before), turn(KARI)).life
        assert steps.save(draft, content(2, mode=after), turn(KARI)).life.mode == after


def test_one_approver_withdraws_and_what_waits_is_dropped_and_nothing_goes_on_from_there() -> None:
    change = Change(kind="correction", note="Dosen var feil.")
    waiting = steps.save(live(), content(2, change=change), turn(KARI)).life
    waiting = steps.submit(waiting, turn(KARI), "0" * 32).life
    with pytest.raises(Problem) as problem:
        steps.withdraw(waiting, turn(KARI), REASON, "f" * 64)
    assert problem.value.status == 403
    withdrawn = steps.withdraw(waiting, turn(OLA), REASON, "f" * 64)
    assert withdrawn.event == "withdrawn"
    assert (withdrawn.life.state, withdrawn.life.revision, withdrawn.life.live) == (
        "withdrawn", 3, None,
    )  # fmt: skip
    assert [past.revision for past in withdrawn.life.history] == [1, 3]
    for step in (
        lambda life: steps.save(life, content(9, change=change), turn(OLA)),
        lambda life: steps.submit(life, turn(OLA), "0" * 32),
        lambda life: steps.approve(life, turn(ASE)),
        lambda life: steps.reject(life, turn(ASE), "Nei."),
        lambda life: steps.stop(life, turn(ASE), None),
    ):
        with pytest.raises(Problem) as problem:
            step(withdrawn.life)
        assert problem.value.status == 409
        assert "trukket tilbake for godt" in said(problem)


def test_an_editor_withdraws_news_and_alerts_that_need_no_approval() -> None:
    assert steps.withdraw(live(kind="news"), turn(KARI), REASON, "f" * 64).event
    assert steps.withdraw(live(), turn(KARI, approvals=0), REASON, "f" * 64).event


def test_what_needs_more_approvals_than_when_it_was_ready_can_be_seen_as_it_was() -> None:
    waits = turn(KARI, approvals=0)
    submitted = steps.submit(steps.begin("a1b2c3d4e5f6", content(), waits).life, waits, "0" * 32)
    assert (submitted.event, submitted.life.state) == ("submitted", "approved")
    back = steps.publish(submitted.life, NOW + 2 * HOLD, Rules(1, HOLD)).life
    assert (back.state, back.token) == ("in_review", "0" * 32)
    assert steps.submit(back, turn(KARI), "1" * 32).life == back
