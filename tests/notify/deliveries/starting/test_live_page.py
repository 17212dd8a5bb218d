import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.deliveries.live_page import is_withdrawn, shows
from tests.make import alert, revision

ours = revision(alert(), revision=3)


def page(content: str) -> str:
    return f'<!DOCTYPE html><head><meta name="varsel-revision" content="{content}"></head>'


@pytest.mark.parametrize(
    ("html", "live"),
    [
        (page(f"{ours.id}/3/{ours.sha256}"), True),
        (page(f"{ours.id}/4/{'0' * 64}"), True),
        (f"<META content='{ours.id}/3/{ours.sha256}' NAME=varsel-revision />", True),
        (page(f"{ours.id}/2/{ours.sha256}"), False),
        (page(f"{ours.id}/3/{'0' * 64}"), False),
        (page(f"another12345/3/{ours.sha256}"), False),
        (page(f"{ours.id}/3"), False),
        (page(f"{ours.id}/-4/{ours.sha256}"), False),
        (page(f"{ours.id}/³/{ours.sha256}"), False),
        (page(""), False),
        (f"<p>{ours.id}/3/{ours.sha256}</p>", False),
        (f"&lt;meta name=varsel-revision content={ours.id}/3/{ours.sha256}&gt;", False),
        ("", False),
    ],
)
def test_a_page_is_live_when_it_shows_this_revision_or_a_newer_one(html: str, live: bool) -> None:
    assert shows(html, ours) is live


@given(st.text())
def test_any_other_text_is_no_live_page(html: str) -> None:
    assert not shows(html, ours)
    assert not shows(page(html.replace('"', "")), ours)


def withdrawn(content: str) -> str:
    meta = f'<meta name="varsel-withdrawn" content="{content}">'
    return page(f"{ours.id}/4/{'0' * 64}") + meta


@pytest.mark.parametrize(
    ("html", "gone"),
    [
        (withdrawn(f"{ours.id}/3"), True),
        (withdrawn(f"{ours.id}/4"), True),
        (withdrawn(f"{ours.id}/2"), False),
        (withdrawn("another12345/4"), False),
        (withdrawn(f"{ours.id}/³"), False),
        (withdrawn(f"{ours.id}/"), False),
        (withdrawn(""), False),
        (page(f"{ours.id}/4/{'0' * 64}"), False),
    ],
)
def test_a_page_tells_that_its_article_was_withdrawn_at_this_revision_or_later(
    html: str, gone: bool
) -> None:
    assert is_withdrawn(html, ours) is gone
