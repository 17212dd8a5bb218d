"""A page is marked as an exercise by what it shows, and by nothing else."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.desk.shape import in_shape
from services.ingest.desk.store import WorkingCopy
from services.ingest.lifecycle.life import Last, Life
from services.ingest.newsroom.exercise import is_exercise

MODES = st.sampled_from(["actual", "exercise", "test"])
AT = datetime(2026, 9, 1, tzinfo=UTC)


def life(mode: Any) -> Life:
    last = Last(step="save", by="Kari Eksempel", at=AT)
    return Life(
        id="a1b2c3d4e5f6", kind="safety_alert", mode=mode, title="x", slug="x",
        sha256="ab" * 32, created_at=AT, last=last,
    )  # fmt: skip


def copy(mode: str, kind: str = "safety_alert") -> WorkingCopy:
    fields = in_shape({"kind": kind, "alert": {"mode": mode}})
    return WorkingCopy("a1b2c3d4e5f6", 1, fields, {}, "", AT, 0)


@given(MODES, MODES)
def test_whoever_approves_sees_what_was_sent_in_and_whoever_writes_what_they_typed(
    sent: str, typed: str
) -> None:
    form = SimpleNamespace(is_exercise=typed != "actual")
    both = {"life": life(sent), "copy": copy(typed)}
    assert is_exercise(both) == (sent != "actual")
    assert is_exercise(both | {"form": form}) == (typed != "actual")
    assert is_exercise({"opened": SimpleNamespace(copy=copy(typed))}) == (typed != "actual")


def test_news_and_pages_about_nothing_are_not_marked() -> None:
    assert not is_exercise({})
    assert not is_exercise({"life": None, "copy": None, "form": None})
    assert not is_exercise({"life": life(None)})
    assert not is_exercise({"copy": copy("exercise", kind="news")})
