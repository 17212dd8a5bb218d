"""Revisions: all are kept, what differs is shown, and what waits can be looked at."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lifecycle.diff.revisions import diff
from services.ingest.lifecycle.life import StoredRevision
from shared.article import Article
from shared.revision import content_sha256
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, news, somebody
from tests.ingest.steps import hear, picture, submissions


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def test_every_revision_is_kept_with_who_when_and_why(kari: Somebody, ola: Somebody) -> None:
    article = (await kari.new(alert())).json()["id"]
    await ola.approve(article)
    texts = ["Den første ingressen.", "Den andre ingressen."]
    correction = {"kind": "correction", "note": "Dosen."}
    for who, lead in zip((kari, ola), texts, strict=True):
        etag = (await who.get(article))["etag"]
        draft = alert(lead=lead, draft=True, change=correction)
        assert (await who.put(article, draft, etag)).status_code == 200
    ase = await somebody(kari.ingest, "Åse", "approver")
    await ola.take("submit", article)
    await ase.approve(article)
    etag = (await kari.get(article))["etag"]
    await kari.put(article, alert(draft=True, change={"kind": "edit"}), etag)

    found = (await kari.get(article, "/revisions"))["revisions"]
    assert [(r["revision"], r["status"], r["by"]) for r in found] == [
        (4, "draft", "Kari"), (3, "published", "Ola"), (2, "draft", "Kari"), (1, "revised", "Kari"),
    ]  # fmt: skip
    assert [r["change"] and r["change"]["note"] for r in found] == [None, "Dosen.", "Dosen.", None]
    assert [bool(r["published_at"]) for r in found] == [False, True, False, True]
    assert all(len(r["sha256"]) == 64 for r in found)
    assert [r["at"] for r in found] == sorted((r["at"] for r in found), reverse=True)
    second = await kari.get(article, "/revisions/2")
    assert (second["article"]["lead"], second["status"]) == (texts[0], "draft")
    shown = await kari.get(article)
    assert (shown["status"], shown["live"]["revision"]) == ("draft", 3)
    assert shown["live"]["article"]["lead"] == texts[1]


async def test_a_revision_that_is_not_there_is_404(ingest: Ingest, kari: Somebody) -> None:
    article = (await kari.new(news())).json()["id"]
    for part in ("revisions/2", "diff?from=1&to=2", "diff?from=2&to=1"):
        answer = await ingest.http.get(f"/api/articles/{article}/{part}")
        assert answer.status_code == 404
        assert "utgave 2" in answer.json()["detail"]
    for part in ("revisions/x", "revisions/0", "diff?from=1", "diff?from=a&to=1"):
        assert (await ingest.http.get(f"/api/articles/{article}/{part}")).status_code == 422


async def test_a_diff_has_fields_by_path_and_the_body_by_line(kari: Somebody) -> None:
    answer = await kari.new(alert(draft=True))
    article, etag = answer.json()["id"], answer.headers["etag"]
    changed = alert(title="En annen tittel", draft=True, topics=[])
    changed["topics"] = ["legemiddelsikkerhet", "lever"]
    changed["alert"]["medicines"][0]["brands"] = ["Exempla", "Exempla Rapid"]
    changed["alert"]["urgency"] = "immediate"
    changed["body"] = changed["body"].replace("flere meldinger", "mange meldinger")
    assert (await kari.put(article, changed, etag)).status_code == 200
    found = await kari.get(article, "/diff?from=1&to=2")
    assert {(f["field"], f["before"], f["after"]) for f in found["fields"]} == {
        ("title", "Eksempelinib kan skade leveren", "En annen tittel"),
        ("topics.1", None, "lever"),
        ("alert.medicines.0.brands.1", None, "Exempla Rapid"),
        ("alert.urgency", None, "immediate"),
    }
    assert [line for line in found["body"] if line[0] in "+-"] == [
        "-Tilsynet har fått flere meldinger.", "+Tilsynet har fått mange meldinger.",
    ]  # fmt: skip
    same = await kari.get(article, "/diff?from=2&to=2")
    assert same == {"fields": [], "body": []}


def saved(article: Article) -> StoredRevision:
    return StoredRevision(
        revision=1, sha256=content_sha256(article, {}), article=article, pictures={}, change=None,
        by="Kari", at=datetime(2026, 9, 1, tzinfo=UTC),
    )  # fmt: skip


_line = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=5)
_articles = st.builds(
    lambda title, topics, body: make.news(title=title, topics=topics, body="\n".join(body)),
    _line,
    st.lists(_line, max_size=4),
    st.lists(_line, min_size=1, max_size=6),
)


@given(_articles, _articles)
def test_a_diff_is_empty_for_the_same_and_turned_round_has_its_sides_changed(
    one: Article, other: Article
) -> None:
    there, back = diff(saved(one), saved(other)), diff(saved(other), saved(one))
    assert (not there.fields and not there.body) == (one == other)
    assert {(f.field, f.before, f.after) for f in there.fields} == {
        (f.field, f.after, f.before) for f in back.fields
    }


async def test_what_waits_for_approval_can_be_looked_at_page_and_mail_and_to_how_many(
    ingest: Ingest, kari: Somebody
) -> None:
    await ingest.bus.start()
    article = (await kari.new(alert())).json()["id"]
    waiting = await kari.get(article, "/preview")
    assert (waiting["ready"], waiting["page"], waiting["audience"]) == (False, None, None)
    (submitted,) = await submissions(ingest)
    await hear(ingest, submitted, 4321, first=21, gone=3, chose_others=7, not_owed=2, no_address=5)
    assert await kari.get(article, "/preview") == {
        "revision": 1,
        "ready": True,
        "page": f"https://varsel.example.org/utkast/{submitted.data.token}/",
        "subject": "Viktig: Eksempelinib",
        "text": "Hei Kari Eksempel",
        "html": "<p>Hei Kari Eksempel</p>",
        "audience": 4321,
        "first": 21,
        "gone": 3,
        "chose_others": 7,
        "not_owed": 2,
        "no_address": 5,
        "matched": {"subjects": None, "about": [], "extreme": False, "unmatched": []},
        "size": 12_345,
        "relay_takes": 10_240_000,
        "refused": "",
        "warnings": [],
    }


async def test_a_preview_says_that_gmail_shows_only_the_beginning(
    ingest: Ingest, kari: Somebody
) -> None:
    await ingest.bus.start()
    article = (await kari.new(alert())).json()["id"]
    (submitted,) = await submissions(ingest)
    await hear(ingest, submitted, 5, cut_by_gmail=True)
    shown = await kari.get(article, "/preview")
    assert (shown["refused"], len(shown["warnings"])) == ("", 1)
    assert "Gmail" in shown["warnings"][0]


async def test_a_preview_is_of_the_newest_revision_and_never_of_another(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    await ingest.bus.start()
    article = (await kari.new(alert())).json()["id"]
    (first,) = await submissions(ingest)
    await hear(ingest, first, 10)
    etag = (await kari.get(article))["etag"]
    await kari.put(article, alert(lead="Ny."), etag)
    assert (await kari.get(article, "/preview"))["ready"] is False
    _, second = await submissions(ingest)
    await hear(ingest, second, 20, sha256="0" * 64)
    assert (await kari.get(article, "/preview"))["subject"] is None
    await hear(ingest, second, 30)
    await hear(ingest, first, 10)  # late, or repeated
    shown = await kari.get(article, "/preview")
    assert (shown["ready"], shown["revision"], shown["audience"]) == (True, 2, 30)
    await ola.take("reject", article, "Nei.")
    await kari.take("submit", article)
    *_, third = await submissions(ingest)
    assert third.data.token == second.data.token
    await hear(ingest, third, 40)
    assert (await kari.get(article, "/preview"))["audience"] == 40


async def test_what_does_not_wait_has_no_preview(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    draft = (await kari.new(alert(draft=True))).json()["id"]
    story = (await kari.new(news())).json()["id"]
    for article in (draft, story):
        answer = await ingest.http.get(f"/api/articles/{article}/preview")
        assert answer.status_code == 409
        assert "send den til godkjenning" in answer.json()["detail"]


async def test_pictures_of_an_earlier_revision_stay_known_whoever_saves_the_next(
    ingest: Ingest, kari: Somebody
) -> None:
    await ingest.http.post(
        "/api/assets", files={"file": ("brev.jpg", picture())}, headers=kari.headers
    )
    body = "Tekst.\n\n![Et brev](brev.jpg)"
    answer = await kari.new(news(body=body, draft=True))
    assert answer.status_code == 201, answer.text
    ase = await somebody(ingest, "Åse")
    more = await ase.put(
        answer.json()["id"], news(body=f"{body}\n\nMer.", draft=True), answer.headers["etag"]
    )
    assert more.status_code == 200, more.text
