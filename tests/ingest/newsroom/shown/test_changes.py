"""Whoever approves sees every change of an article, in words."""

import types
import typing
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from services.ingest.lifecycle.life import StoredRevision
from services.ingest.newsroom.shown.changes import changes
from services.ingest.newsroom.shown.picture_lines import in_words
from services.ingest.newsroom.shown.readable import readable
from services.ingest.newsroom.shown.words import NAMES, VALUES
from shared.alert import Alert
from shared.article import Article, Picture
from shared.revision import Change, content_sha256
from tests import make

PICTURE = Picture(name="kari-ab12.jpg", width=60, height=40)


def stored(article: Article, change: Change | None = None, **pictures: Picture) -> StoredRevision:
    return StoredRevision(
        revision=1,
        sha256=content_sha256(article, pictures, change),
        article=article,
        pictures=pictures,
        change=change,
        by="Kari Eksempel",
        at=datetime(2026, 9, 1, tzinfo=UTC),
    )


def whole() -> Article:
    return make.alert(alert=make.all_alert_fields())


def paths(model: type[BaseModel], head: str = "") -> dict[str, Any]:
    """All paths of a model's fields, without places in lists, and the type at each."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = [one for one in flat(field.annotation) if is_model(one)]
        found[head + name] = field.annotation
        for one in inner:
            found |= paths(one, f"{head}{name}.")
    return found


def flat(kind: Any) -> list[Any]:
    parts = [part for part in get_args(kind) if part is not Ellipsis]
    if typing.get_origin(kind) is typing.Literal or not parts:
        return [kind]
    return [one for part in parts for one in flat(part)]


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def all_paths() -> dict[str, Any]:
    return paths(Article) | paths(Change, "change.")


def test_every_field_has_a_name() -> None:
    wanted = set(all_paths()) - {"alert"} | {"pictures"}
    assert wanted == set(NAMES)
    assert isinstance(all_paths()["alert"], types.UnionType) and Alert


def test_every_code_has_words_of_its_own() -> None:
    codes = {
        path: set(get_args(one))
        for path, kind in all_paths().items()
        for one in flat(kind)
        if typing.get_origin(one) is typing.Literal
    }
    assert codes == {path: set(words) for path, words in VALUES.items()}
    assert all(len(set(words.values())) == len(words) for words in VALUES.values())


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, inner in enumerate(value) for leaf in leaves(inner, (*path, place))]
    return [path]


FIELDS = whole().model_dump(mode="json")
CODES = {
    ("kind",): None,
    ("lang",): "nn",
    ("alert", "severity"): "minor",
    ("alert", "stop_advice", "code"): "stop_now",
    ("alert", "urgency"): "past",
    ("alert", "certainty"): "unknown",
    ("alert", "event_type"): "food",
    ("alert", "mode"): "exercise",
}


def with_other(leaf: tuple[Any, ...], value: Any) -> Article | None:
    """The whole alert with another value at a leaf; none if that is no article."""
    fields = whole().model_dump(mode="json")
    place: Any = fields
    for step in leaf[:-1]:
        place = place[step]
    place[leaf[-1]] = value
    try:
        return Article.model_validate(fields)
    except ValueError:
        return None


def other(leaf: tuple[Any, ...], value: Any) -> Any:
    if leaf in CODES:
        return CODES[leaf]
    if isinstance(value, bool):
        return not value
    text = str(value)
    if text.startswith("https://"):
        return text + "x"
    if text[:2] == "20" or text[:2] == "21":
        return text[:-1] + ("3" if text[-1] != "3" else "4")
    return "L04AF98" if text == "L04AF99" else text + "x"


@pytest.mark.parametrize("leaf", leaves(FIELDS), ids=lambda leaf: ".".join(map(str, leaf)))
def test_a_change_of_any_leaf_is_shown(leaf: tuple[Any, ...]) -> None:
    value: Any = FIELDS
    for step in leaf:
        value = value[step]
    article = with_other(leaf, other(leaf, value)) if value is not None else None
    if article is None:
        return
    assert article != whole()
    (found,) = changes(stored(whole()), stored(article))
    assert NAMES[found.field] == found.name
    assert {piece.kind for piece in found.pieces} - {"same"}


LINES = st.text(alphabet='ab, –:;"«»1.', min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(LINES, min_size=1, max_size=4), st.lists(LINES, min_size=1, max_size=4))
def test_lists_that_differ_look_different(one: list[str], other: list[str]) -> None:
    """A comma in a brand is not two brands."""

    def text(brands: list[str]) -> dict[str, str]:
        alert = make.alert_fields()
        alert["medicines"][0]["brands"] = brands
        return readable(stored(make.alert(alert=alert)))

    assert (text(one) == text(other)) == (one == other)


@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=4))
def test_topics_that_differ_look_different(one: list[str], other: list[str]) -> None:
    def text(topics: list[str]) -> dict[str, str]:
        return readable(stored(make.news(topics=topics)))

    assert (text(one) == text(other)) == (one == other)


def test_pictures_and_the_change_itself_are_shown() -> None:
    note = Change(kind="correction", note="Dosen var feil.")
    before, after = stored(whole()), stored(whole(), note, bilde=PICTURE)
    assert [one.field for one in changes(before, after)] == [
        "change.kind",
        "change.note",
        "pictures",
    ]
    larger = PICTURE.model_copy(update={"name": "kari-cd34.jpg"})
    (found,) = changes(after, stored(whole(), note, bilde=larger))
    assert found.field == "pictures"


_BRIEF = '![Et brev på et bord](brev.jpg "Brevet. Foto: Kari")'


def test_a_picture_is_shown_in_words_with_what_changed() -> None:
    one, two = (
        make.news(body=f"Her:\n\n{_BRIEF}"),
        make.news(
            body=f"Her:\n\n{_BRIEF}".replace("på et bord", "i en hånd").replace("Kari", "Ola")
        ),
    )
    (found,) = changes(stored(one), stored(two))
    assert found.name == "Brødtekst"
    before = "".join(piece.text for piece in found.pieces if piece.kind != "added")
    assert before.rstrip("\n").endswith(
        "[Bilde: Et brev på et bord | Bildetekst: Brevet. | Foto: Kari | Fil: brev.jpg]"
    )
    marked = [piece.text for piece in found.pieces if piece.kind != "same"]
    assert marked == ["på et bord", "i en hånd", "Kari", "Ola"]
    (found,) = changes(stored(one), stored(two), "nn")
    assert "[Bilete: " in "".join(piece.text for piece in found.pieces)


PARTS = st.sampled_from(
    [
        *("![", "]", "(", ")", "a", "b.jpg", ' "', '"', " ", "|", "Foto: ", "Bildetekst: ", "\n"),
        *("[Bilde: ", "Fil: ", _BRIEF, "\n\n", "Foto/", "[", "\\[", "\\"),
    ]
)


@given(st.lists(PARTS, max_size=12), st.lists(PARTS, max_size=12), st.booleans())
def test_bodies_with_pictures_that_differ_look_different(
    one: list[str], other: list[str], nearly: bool
) -> None:
    first, second = "".join(one), "".join(other)
    if nearly:  # words that somebody types are no picture
        first, second = first + _BRIEF, in_words(first + _BRIEF, "nb")
    assert (in_words(first, "nb") == in_words(second, "nb")) == (first == second)


def test_the_same_content_has_no_change() -> None:
    assert changes(stored(whole()), stored(whole())) == []


def test_a_word_in_a_long_body_is_shown_with_what_stands_around_it() -> None:
    body = "Tilsynet har fått meldinger.\n\n" * 2000
    one, two = make.news(body=body + "Ta 50 mg."), make.news(body=body + "Ta 500 mg.")
    (found,) = changes(stored(one), stored(two))
    assert sum(len(piece.text) for piece in found.pieces) < 400
    assert [piece.text for piece in found.pieces if piece.kind != "same"] == ["50", "500"]
