"""An approval is of a content, whichever release looks at it: hashes that were made stay right."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared import content_hash as hashes
from shared.article import Article, Picture
from shared.content_hash import content_hash
from shared.fields import Model
from shared.notice import MemberNotice, NoticeContent
from shared.revision import Approval, Author, Change, content_sha256
from tests.make import alert, news, revision

ALERT: dict[str, Any] = {
    "title": "Prøvomab kan skade leveren",
    "lead": "Tilsynet advarer mot leverskade.",
    "kind": "safety_alert",
    "lang": "nb",
    "kicker": "Sikkerhet",
    "byline": "Skrevet av Ola Eksempel",
    "published_on": "2026-09-02",
    "topics": ["legemiddelsikkerhet"],
    "sources": [
        {
            "publisher": "Eksempeltilsynet",
            "url": "https://tilsyn.example.org/varsel",
            "published_on": "2026-09-01",
        }
    ],
    "alert": {
        "severity": "severe",
        "medicines": [
            {
                "substance": "prøvomab",
                "brands": ["Provo"],
                "additional_monitoring": True,
                "atc": [{"code": "L04AF99", "valid_from": "2024-01-01"}],
                "batches": ["A1234"],
            }
        ],
        "what_happened": "Prøvomab kan gi leverskade.",
        "who_is_affected": "Alle som bruker Provo.",
        "what_to_do": ["Bestill time hos legen."],
        "stop_advice": {"code": "do_not_stop", "text": "Ikke slutt uten å snakke med legen."},
        "seek_help_if": ["Ring 113 hvis du blir gul i huden."],
        "report": {
            "patient": "https://meld.example.org/pasient",
            "health_personnel": "https://meld.example.org/helse",
        },
        "urgency": "immediate",
        "groups": ["Eldre over 65 år"],
        "valid_from": "2026-09-02",
        "authorities": [{"name": "Nabotilsynet", "reference": "N/7/2026"}],
    },
    "body": "Tilsynet har fått meldinger.\n\n- én\n- to\n",
}
PICTURES = {"kart.png": Picture(name="kart-1.png", width=640, height=480)}
CHANGE = Change(kind="correction", note="Dosen var feil: 5 mg, ikke 50.")
NOTICE = NoticeContent(
    lang="nb",
    what_happened="En liste kom på avveie.",
    consequences="Noen kan skrive til deg.",
    measures="Vi har byttet nøkler.",
    contact="post@example.org",
    members=(3, 1),
)
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
MADE = {
    "alert": "b9ab8600b4bb9a286e7168df9e64708d1f77ffb523b0eeea6df83f60c97420f9",
    "with pictures": "b5113a2c175970241c2ef763b0eeff7f4c99797fb7cf9f6d5aa25369a37b99a2",
    "correction": "fd3895ad4cc21a7a78258d53292163e56e0c069270914710b63572751fdf758b",
    "translation": "366caecfe7f47e1bce3ce72d5933c214d9dfdd49d2696f4fa2913ff050aa9d1e",
    "notice": "12df81f6ad65008e725634419e1915682c1f162a9c7228740af85c7401dd7d7e",
}
"""As they were made on 2026-11-29, by the code before hashes had versions. If one of these differs,
every approval of before is void: make a new version instead."""


def test_every_hash_that_was_made_is_made_again() -> None:
    article = Article.model_validate(ALERT)
    translation = article.model_copy(update={"translation_of": "a1b2c3d4e5f6"})
    assert {
        "alert": content_sha256(article, {}),
        "with pictures": content_sha256(article, PICTURES),
        "correction": content_sha256(article, {}, CHANGE),
        "translation": content_sha256(translation, {}),
        "notice": NOTICE.sha256,
    } == MADE


class _Dose(Model):
    milligrams: int
    per_day: int = 1


class _LaterArticle(Article):
    """As a later release may have it."""

    dose: _Dose | None = None
    doses: tuple[_Dose, ...] = ()


def test_a_field_that_is_added_changes_no_hash_until_it_is_set() -> None:
    later = _LaterArticle.model_validate(ALERT)
    assert content_sha256(later, {}) == MADE["alert"]
    seen = {MADE["alert"]}
    for fields in (
        {"dose": {"milligrams": 5}},
        {"dose": {"milligrams": 5, "per_day": 2}},
        {"doses": [{"milligrams": 5}]},
    ):
        seen.add(content_sha256(_LaterArticle.model_validate(ALERT | fields), {}))
    assert len(seen) == 4, "each is seen by whoever approves"


OTHERWISE = (
    "Noe annet.", "https://annet.example.org/", "2026-09-03", "extreme", "stop_now", "L04AF98",
    "expected", "likely", "recall", "nn", "test", False, 3,
)  # fmt: skip
"""What may stand in one field or another."""


def test_two_contents_that_differ_anywhere_have_hashes_that_do() -> None:
    """Of what is left out since it is not set, nothing says anything."""
    plain = Article.model_validate(ALERT).model_dump(mode="json")
    hashes_seen, changed = {MADE["alert"]}, set()
    for path in _leaves(plain):
        for value in OTHERWISE:
            with suppress(ValidationError):
                other = Article.model_validate(_with(plain, path, value))
                if other.model_dump(mode="json") != plain:
                    assert content_sha256(other, {}) not in hashes_seen, path
                    hashes_seen.add(content_sha256(other, {}))
                    changed.add(path)
    assert set(_leaves(plain)) - changed == {("kind",)}


def _with(plain: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(plain))
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = [value] if place[path[-1]] == [] else value
    return copy


def _leaves(plain: Any, *path: Any) -> Any:
    inner = plain.items() if isinstance(plain, dict) else enumerate(plain)
    for name, value in inner:
        if isinstance(value, dict | list) and value:
            yield from _leaves(value, *path, name)
        else:
            yield (*path, name)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that knows a second version, and still writes the first."""

    def made(content: hashes.Approvable) -> str:
        assert isinstance(content, Model | Mapping)
        return hashlib.sha256(b"v2" + hashes.VERSIONS[1](content).encode()).hexdigest()

    monkeypatch.setitem(hashes.VERSIONS, 2, made)


@pytest.fixture
def writes_second(second: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release after it, which writes the second."""
    monkeypatch.setattr(hashes, "WRITTEN", 2)


def _approved(sha256: str) -> Any:
    approval = Approval(person="b" * 16, by="Ola", at=NOW, sha256=sha256)
    authors = (Author(person="a" * 16, name="Kari"),)
    return revision(alert(), sha256=sha256, authors=authors, approvals=(approval,))


def test_what_a_release_before_had_approved_is_approved(writes_second: None) -> None:
    before = hashes.VERSIONS[1]({"article": alert(), "pictures": {}, "change": None})
    assert content_sha256(alert(), {}) != before
    assert content_sha256(alert(), {}).startswith("v2:")
    assert content_sha256(alert(), {}, known=before) == before
    assert _approved(before).is_approved(1)
    other = _approved(before).model_copy(update={"article": alert(title="Noe annet")})
    assert not other.is_approved(1)


def test_what_the_next_release_approves_is_approved_by_one_that_knows_its_version(
    second: None,
) -> None:
    after = "v2:" + hashes.VERSIONS[2]({"article": alert(), "pictures": {}, "change": None})
    assert ":" not in content_sha256(alert(), {}), "it writes what the one before it reads"
    assert _approved(after).is_approved(1)
    other = _approved(after).model_copy(update={"article": alert(title="Noe annet")})
    assert not other.is_approved(1)


@pytest.mark.parametrize(
    "known", ["", "v3:" + "0" * 64, "v1:" + "0" * 64, "0" * 64, "v:", ":", "v"]
)
def test_a_hash_that_this_release_cannot_make_approves_nothing(known: str) -> None:
    assert content_hash({"article": news()}, known) == content_hash({"article": news()})
    if len(known) > 64:
        assert not _approved(known).is_approved(1)


def test_a_notice_that_was_approved_by_a_release_before_is_approved(writes_second: None) -> None:
    before = MADE["notice"]
    approvals = tuple(
        Approval(person=person * 16, by="Ola", at=NOW, sha256=before) for person in "ab"
    )
    notice = MemberNotice(
        id="a1b2c3d4e5f6", content=NOTICE, sha256=before, approved_at=NOW, approvals=approvals
    )
    assert notice.is_approved()
    other = NOTICE.model_copy(update={"advice": "Bytt passord."})
    assert not notice.model_copy(update={"content": other}).is_approved()
