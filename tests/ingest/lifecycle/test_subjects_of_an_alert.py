"""Whom an alert is about is found when it is saved and submitted, and its editor sees it."""

from typing import Any

import pytest

from services.ingest.subjects.store import Subjects
from shared.events import ArticlePublished, ArticleRevised, ArticleSubmitted
from shared.subject import Subject
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, events, news, somebody
from tests.make import alert_fields

EXEMPLA = Subject(id="eksempelinib", name="Eksempelinib", substance="eksempelinib")
PROVOMAB = Subject(id="provomab", name="Prøvomab", substance="prøvomab")


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    """Alerts need one approval and are then published at once."""
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def put(ingest: Ingest, *subjects: Subject) -> None:
    for subject in subjects:
        await Subjects(ingest.redis).put(subject, "operator")


def written(**more: Any) -> dict[str, Any]:
    return alert(alert=alert_fields() | more)


async def of_events(ingest: Ingest) -> list[tuple[str, ...] | None]:
    """The subjects that each event says."""
    found = []
    for event in await events(ingest):
        if isinstance(event, ArticleSubmitted):
            found.append(event.data.revision.subjects)
        elif isinstance(event, ArticlePublished | ArticleRevised):
            found.append(event.data.subjects)
    return found


async def test_an_editor_sees_what_matched_and_what_did_not(ingest: Ingest, kari: Somebody) -> None:
    await put(ingest, EXEMPLA)
    said = (await kari.new(alert())).json()
    assert said["matched"] == {
        "subjects": None,
        "about": ["eksempelinib"],
        "extreme": False,
        "unmatched": ["prøvomab"],
    }
    [warning] = [one for one in said["warnings"] if one["field"] == "alert"]
    assert "«prøvomab» er ikke navn på noe emne" in warning["message"]
    assert (await kari.get(said["id"]))["matched"] == said["matched"]
    assert (await kari.get(said["id"], "/preview"))["matched"] == said["matched"]


async def test_without_subjects_nothing_is_said_of_them(kari: Somebody) -> None:
    said = (await kari.new(alert())).json()
    assert said["matched"]["unmatched"] == []
    assert not [one for one in said["warnings"] if one["field"] == "alert"]
    assert (await kari.new(news())).json()["matched"] is None


async def test_a_revision_carries_the_subjects_that_its_approvers_saw(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await put(ingest, EXEMPLA, PROVOMAB)
    article = (await kari.new(alert())).json()["id"]
    await Subjects(ingest.redis).remove("provomab", "operator")
    assert (await ola.approve(article)).json()["matched"]["about"] == ["eksempelinib", "provomab"]
    assert await of_events(ingest) == [("eksempelinib", "provomab")] * 2


async def test_a_draft_is_matched_again_when_it_is_submitted(
    ingest: Ingest, kari: Somebody
) -> None:
    draft = (await kari.new(alert(draft=True))).json()
    assert draft["matched"]["about"] == []
    await put(ingest, EXEMPLA, PROVOMAB)
    await kari.take("submit", draft["id"])
    assert await of_events(ingest) == [("eksempelinib", "provomab")]


async def test_an_extreme_alert_goes_to_all(ingest: Ingest, kari: Somebody) -> None:
    await put(ingest, EXEMPLA, PROVOMAB)
    said = (await kari.new(written(severity="extreme"))).json()
    assert (said["matched"]["subjects"], said["matched"]["extreme"]) == (None, True)
    assert await of_events(ingest) == [None]
