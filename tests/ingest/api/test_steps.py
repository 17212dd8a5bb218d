"""The steps of an article over HTTP: who may take which when, and what is said of those that do not
go."""

import asyncio
from typing import Any

import pytest

from shared.events import ArticlePublished, ArticleRevised, ArticleSubmitted, ArticleWithdrawn
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import (
    Somebody,
    alert,
    events,
    in_review,
    kinds,
    live,
    news,
    somebody,
    status,
    trail,
)


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


async def test_the_walk_from_draft_to_withdrawal_with_each_steps_event(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    draft = await kari.new(alert(draft=True))
    article = draft.json()["id"]
    assert (draft.json()["status"], draft.json()["steps"]) == ("draft", ["save", "submit"])
    assert status(await kari.take("submit", article)) == (200, "in_review")
    assert (await ola.get(article))["steps"] == ["save", "approve", "reject", "stop"]
    assert status(await ola.approve(article)) == (200, "published")
    seen = await kari.get(article)
    corrected = alert(lead="Dosen er rettet.", change={"kind": "correction", "note": "Dosen."})
    waiting = await kari.put(article, corrected, seen["etag"])
    assert status(waiting) == (200, "in_review")
    shown = await ola.get(article)
    assert (shown["revision"], shown["live"]["revision"]) == (2, 1)
    assert shown["live"]["article"]["lead"] != shown["article"]["lead"] == "Dosen er rettet."
    assert status(await ola.approve(article)) == (200, "published")
    assert status(await ola.take("withdraw", article, "Tilsynet tok feil.")) == (200, "withdrawn")
    assert (await kari.get(article))["steps"] == []

    submitted, first, again, revised, withdrawn = await events(ingest)
    assert isinstance(submitted, ArticleSubmitted)
    assert isinstance(first, ArticlePublished)
    assert isinstance(again, ArticleSubmitted)
    assert again.data.token != submitted.data.token
    assert isinstance(revised, ArticleRevised)
    assert revised.data.change is not None
    assert (revised.data.change.kind, revised.data.change.note) == ("correction", "Dosen.")
    assert [past.revision for past in revised.data.history] == [1]
    assert (revised.data.published_at, revised.data.at) == (
        first.data.published_at, revised.data.revised_at,
    )  # fmt: skip
    assert revised.data.slug == first.data.slug
    assert revised.data.is_approved(1)
    assert isinstance(withdrawn, ArticleWithdrawn)
    assert withdrawn.data.revision == 3
    assert withdrawn.data.article == revised.data.article
    assert withdrawn.data.change is not None
    assert withdrawn.data.change.note == "Tilsynet tok feil."
    assert [past.revision for past in withdrawn.data.history] == [1, 2]
    assert await trail(ingest) == [
        ("Kari", "saved", 1), ("Kari", "submitted", 1), ("Ola", "approved", 1),
        ("Ola", "published", 1), ("Kari", "saved", 2), ("Kari", "submitted", 2),
        ("Ola", "approved", 2), ("Ola", "published", 2), ("Ola", "withdrawn", 3),
    ]  # fmt: skip


async def test_nobody_approves_what_they_have_written_themselves(
    ingest: Ingest, ola: Somebody
) -> None:
    article = await in_review(ola)
    other_key = await somebody(ingest, " OLA ", "approver")
    for author in (ola, other_key):
        answer = await author.approve(article)
        assert answer.status_code == 403
        assert "annen enn dem som har skrevet" in answer.text
    assert await kinds(ingest) == ["article.submitted"]


async def test_an_editor_cannot_approve_or_reject(ingest: Ingest, kari: Somebody) -> None:
    article = await in_review(kari)
    per = await somebody(ingest, "Per")
    for answer in (await per.approve(article), await per.take("reject", article, "Nei.")):
        assert answer.status_code == 403
        assert "approver" in answer.text


async def test_an_approval_is_of_what_was_seen_and_any_save_voids_it(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    assert (await ola.take("approve", article)).status_code == 428
    assert (await ola.take("approve", article, **{"If-Match": "*"})).status_code == 428
    seen = await ola.get(article)
    await kari.put(article, alert(lead="En annen ingress."), seen["etag"])
    late = await ola.take("approve", article, **{"If-Match": seen["etag"]})
    assert late.status_code == 412
    assert "Kari" in late.json()["detail"]
    assert late.json()["etag"] == (await ola.get(article))["etag"]
    assert (await ola.get(article))["approvals"] == []
    assert await kinds(ingest) == ["article.submitted"] * 2


async def test_two_approvals_are_two_peoples(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=2, alert_hold=0)
    kari, ola = await somebody(ingest, "Kari"), await somebody(ingest, "Ola", "approver")
    ase = await somebody(ingest, "Åse", "approver")
    article = await in_review(kari)
    assert status(await ola.approve(article)) == (200, "in_review")
    assert status(await ola.approve(article)) == (200, "in_review")
    assert status(await ase.approve(article)) == (200, "published")
    assert [a["by"] for a in (await kari.get(article))["approvals"]] == ["Ola", "Åse"]


async def test_a_rejected_alert_says_who_and_why_and_may_be_submitted_again(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    without_reason = await ola.take("reject", article)
    assert without_reason.status_code == 422
    assert without_reason.json()["errors"][0]["field"] == "note"
    assert status(await ola.take("reject", article, "Dosen er feil.")) == (200, "draft")
    last = (await kari.get(article))["last"]
    assert (last["step"], last["by"], last["note"]) == ("reject", "Ola", "Dosen er feil.")
    assert status(await kari.take("submit", article)) == (200, "in_review")


WRONG: list[tuple[str, str, list[str]]] = [
    ("draft", "approve", ["save", "submit"]),
    ("draft", "reject", ["save", "submit"]),
    ("draft", "withdraw", ["save", "submit"]),
    ("draft", "stop", ["save", "submit"]),
    ("in_review", "withdraw", ["save", "approve", "reject", "stop"]),
    ("published", "reject", ["save", "withdraw"]),
    ("published", "stop", ["save", "withdraw"]),
    ("withdrawn", "submit", []),
    ("withdrawn", "approve", []),
    ("withdrawn", "reject", []),
    ("withdrawn", "stop", []),
    ("withdrawn", "withdraw", []),
]


@pytest.mark.parametrize(("state", "step", "steps"), WRONG)
async def test_a_step_that_does_not_go_is_409_and_says_what_does(
    ingest: Ingest, kari: Somebody, ola: Somebody, state: str, step: str, steps: list[str]
) -> None:
    article = (await kari.new(alert(draft=True))).json()["id"]
    if state != "draft":
        await kari.take("submit", article)
    if state in ("published", "withdrawn"):
        await ola.approve(article)
    if state == "withdrawn":
        await ola.take("withdraw", article, "Feil.")
        # Nobody who has written on it may approve it, whatever state it is in.
        ola = await somebody(ingest, "Åse", "approver")
    before = await kinds(ingest)
    etag = (await ola.get(article))["etag"]
    note = "Fordi." if step in ("reject", "withdraw") else ""
    answer = await ola.take(step, article, note, **{"If-Match": etag})
    assert answer.status_code == answer.json()["status"] == 409
    assert answer.json()["state"] == state
    assert answer.json()["type"] == "urn:varsel:problem:not-now"
    assert answer.json()["steps"] == steps
    assert await kinds(ingest) == before


async def test_a_withdrawn_article_cannot_be_saved(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await live(kari, ola)
    await ola.take("withdraw", article, "Feil.")
    changed = alert(lead="Ny.", change={"kind": "edit"})
    answer = await kari.put(article, changed, (await kari.get(article))["etag"])
    assert (answer.status_code, answer.json()["state"]) == (409, "withdrawn")


async def test_a_withdrawal_of_an_alert_is_an_approvers_and_that_of_news_any_editors(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await live(kari, ola)
    assert (await kari.take("withdraw", article, "Feil.")).status_code == 403
    assert (await ola.take("withdraw", article)).status_code == 422
    assert status(await ola.take("withdraw", article, "Feil.")) == (200, "withdrawn")
    story = (await kari.new(news())).json()["id"]
    assert status(await kari.take("withdraw", story, "Avlyst.")) == (200, "withdrawn")


async def test_a_put_needs_the_revision_that_its_editor_has_seen(
    ingest: Ingest, kari: Somebody
) -> None:
    answer = await kari.new(news(draft=True))
    article, etag = answer.json()["id"], answer.headers["etag"]
    assert etag == answer.json()["etag"] == (await kari.get(article))["etag"]
    other = news(lead="En annen.", draft=True)
    missing = await kari.put(article, other)
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (428, "If-Match")
    for wrong in ('"1-0000000000000000"', f"W/{etag}", "x", '"'):
        assert (await kari.put(article, other, wrong)).status_code == 412
    assert (await kari.put(article, other, f'"x", {etag}')).status_code == 200
    assert (await kari.put(article, news(lead="En tredje.", draft=True), etag)).status_code == 412


async def test_of_two_who_save_at_once_one_is_told_to_look_again(
    ingest: Ingest, make_ingest: Any, kari: Somebody
) -> None:
    """Through two processes."""
    other = Somebody(await make_ingest(alert_approvals=1, alert_hold=0), kari.headers)
    answer = await kari.new(news(draft=True))
    article, etag = answer.json()["id"], answer.headers["etag"]
    answers = await asyncio.gather(
        *(
            who.put(article, news(lead=f"Ingress {number}.", draft=True), etag)
            for number in range(10)
            for who in (kari, other)
        )
    )
    # Both may save the same, which is then said to be saved already.
    assert {answer.status_code for answer in answers} == {200, 412}
    assert (await kari.get(article))["revision"] == 2


async def test_of_two_approvers_at_once_through_two_processes_one_publishes(
    make_ingest: Any,
) -> None:
    here, there = [await make_ingest(alert_approvals=1, alert_hold=0) for _ in range(2)]
    kari = await somebody(here, "Kari")
    one, two = await somebody(here, "Ola", "approver"), await somebody(there, "Åse", "approver")
    for number in range(5):
        article = await in_review(kari, title=f"Sak {number}")
        answers = await asyncio.gather(one.approve(article), two.approve(article))
        assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 412])
    assert await kinds(here) == ["article.submitted", "article.published"] * 5


async def test_a_published_article_is_changed_only_with_a_word_on_what_the_change_is(
    ingest: Ingest, kari: Somebody
) -> None:
    article = (await kari.new(news())).json()["id"]
    etag = (await kari.get(article))["etag"]
    for change, field in (
        (None, "change"),
        ({"kind": "correction"}, "change.note"),
        ({"kind": "withdrawal", "note": "x"}, "change.kind"),
        ({"note": "x"}, "change.kind"),
        ("edit", "change"),
    ):
        more = {"change": change} if change else {}
        refused = await kari.put(article, news(lead="Ny.", **more), etag)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    other_kind = alert(change={"kind": "edit"})
    refused = await kari.put(article, other_kind, etag)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "kind")
    edited = await kari.put(article, news(lead="Ny.", change={"kind": "edit"}), etag)
    assert status(edited) == (200, "published")
    assert await kinds(ingest) == ["article.published", "article.revised"]
    assert edited.json()["url"].endswith("/apent-mote-om-hostens-kurs/")


async def test_an_edit_does_not_silence_a_correction_that_waits(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    await ola.approve(article)
    correction = {"kind": "correction", "note": "Dosen var feil."}
    etag = (await kari.get(article))["etag"]
    waiting = await kari.put(article, alert(lead="Rettet.", change=correction), etag)
    assert status(waiting) == (200, "in_review")
    edit = alert(lead="Rettet, uten skrivefeil.", change={"kind": "edit"})
    refused = await kari.put(article, edit, waiting.headers["etag"])
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "change")
    again = alert(lead="Rettet, uten skrivefeil.", change=correction)
    assert status(await kari.put(article, again, waiting.headers["etag"])) == (200, "in_review")


async def test_before_it_is_published_there_is_nothing_to_correct(
    ingest: Ingest, kari: Somebody
) -> None:
    answer = await kari.new(news(draft=True))
    change = {"kind": "correction", "note": "x"}
    refused = await kari.put(
        answer.json()["id"], news(lead="Ny.", change=change), answer.headers["etag"]
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "change")
    posted = await kari.new(news(lead="Ny.", change=change))
    assert (posted.status_code, posted.json()["errors"][0]["field"]) == (422, "change")


@pytest.mark.parametrize(
    "raw", [b"[]", b"{", b'{"note": 1}', b'{"note": ""}', b'{"x": 1}', b"\xff"]
)
async def test_a_steps_body_that_is_wrong_is_said_and_changes_nothing(
    ingest: Ingest, kari: Somebody, ola: Somebody, raw: bytes
) -> None:
    article = await in_review(kari)
    for step in ("reject", "stop", "withdraw"):
        answer = await ingest.http.post(
            f"/api/articles/{article}/{step}", content=raw, headers=ola.headers
        )
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await kari.get(article))["status"] == "in_review"
