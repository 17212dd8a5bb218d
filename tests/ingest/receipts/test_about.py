"""What a receipt is about: the delivery that the newest published revision owes."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lifecycle.life import Last, Life
from services.ingest.receipts.receipt import Receipt, receipt
from shared.event_data import DeliveryState, DeliveryStatus
from shared.revision import Change, Past

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
ALERT, EDIT, CORRECTION, WITHDRAWAL = "alert", "edit", "correction", "withdrawal"


def life(*kinds: str, **more: Any) -> Life:
    """An article whose revisions were published: the first, and one for each change of `kinds`."""
    changes = [None, *(Change(kind=kind, note="Hvorfor.") for kind in kinds)]  # type: ignore[arg-type]
    return Life(
        id="a1b2c3d4e5f6",
        kind=more.get("kind", "safety_alert"),
        mode="actual",
        title="Et varsel",
        slug="et-varsel",
        sha256="0" * 64,
        revision=len(changes),
        state="withdrawn" if WITHDRAWAL in kinds else "published",
        created_at=NOW,
        history=tuple(Past(revision=n, at=NOW, change=one) for n, one in enumerate(changes, 1)),
        last=Last(step="publish", by="Kari", at=NOW),
    )


def delivery(number: int, kind: str, revision: int, **more: Any) -> DeliveryStatus:
    fields: dict[str, Any] = {
        "delivery": f"a1b2c3d4e5f6.{number}", "article": "a1b2c3d4e5f6", "revision": revision,
        "kind": kind, "state": "complete", "audience": 10, "handed_over": 8, "failed": 1,
        "suppressed": 1, "open": 0, "sequence": 1,
    }  # fmt: skip
    return DeliveryStatus.model_validate(fields | more)


def of(life: Life, *newest_first: DeliveryStatus) -> tuple[str, str, int, int]:
    """Kind, state, revision and members that the receipt is about."""
    found = receipt(life, True, list(newest_first), [])
    assert found.about
    return found.about.kind, found.state, found.about.revision, found.handed_over


def test_a_correction_that_is_published_is_what_the_receipt_is_about_from_then_on() -> None:
    first = delivery(1, ALERT, 1)
    assert of(life(), first) == (ALERT, "complete", 1, 8)
    assert of(life(CORRECTION), first) == (CORRECTION, "waiting_for_page", 2, 0)
    begun = delivery(2, CORRECTION, 2, state="sending", handed_over=3, open=5)
    assert of(life(CORRECTION), begun, first) == (CORRECTION, "sending", 2, 3)


def test_an_edit_owes_nothing_and_hides_no_correction() -> None:
    first = delivery(1, ALERT, 1)
    assert of(life(EDIT), first) == (ALERT, "complete", 1, 8)
    assert of(life(CORRECTION, EDIT), first) == (CORRECTION, "waiting_for_page", 2, 0)
    by_the_edit = delivery(2, CORRECTION, 3)
    assert of(life(CORRECTION, EDIT), by_the_edit, first) == (CORRECTION, "complete", 3, 8)


def test_a_withdrawal_is_waited_for_unless_nobody_got_the_alert() -> None:
    first = delivery(1, ALERT, 1)
    assert of(life(WITHDRAWAL), first) == (WITHDRAWAL, "waiting_for_page", 2, 0)
    last = delivery(2, WITHDRAWAL, 2)
    assert of(life(WITHDRAWAL), last, first) == (WITHDRAWAL, "complete", 2, 8)
    to_nobody = delivery(1, ALERT, 1, audience=0, handed_over=0, failed=0, suppressed=0)
    assert of(life(WITHDRAWAL), to_nobody) == (ALERT, "complete", 1, 0)
    assert of(life(CORRECTION), to_nobody) == (ALERT, "waiting_for_page", 2, 0)


@pytest.mark.parametrize("kinds", [(), (EDIT,), (CORRECTION,), (WITHDRAWAL,)])
def test_news_mails_nobody_whatever_becomes_of_it(kinds: tuple[str, ...]) -> None:
    found = receipt(life(*kinds, kind="news"), True, [], [])
    assert (found.state, found.about) == ("none", None)


KINDS = st.lists(st.sampled_from([EDIT, CORRECTION]), max_size=4)


@given(KINDS, st.booleans(), st.integers(0, 6), st.sampled_from(get_args(DeliveryState)))
def test_a_receipt_never_shows_the_sums_of_another_delivery_than_it_names(
    kinds: list[str], withdrawn: bool, sent: int, state: str
) -> None:
    article = life(*kinds, *([WITHDRAWAL] if withdrawn else []))
    kind = ALERT if sent <= 1 else CORRECTION
    known = [delivery(1, kind, sent, state=state)] if sent else []
    found: Receipt = receipt(article, True, known, [])
    sums = found.handed_over + found.failed + found.suppressed + found.open
    assert found.audience == sums
    if found.about and known and found.about.revision == sent:
        assert found.handed_over == known[0].handed_over
    else:
        assert sums == 0
