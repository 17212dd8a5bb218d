"""An expert reads a text, and no Markdown; nothing that was written becomes more than text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.newsroom.experts.as_read import as_read

_PIECES = st.sampled_from(
    [
        "<b>",
        "<script>",
        "</p>",
        "[a](",
        "javascript:x",
        "https://example.org",
        ")",
        "![x](y",
        '"',
        "*",
        "_",
        "# ",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "[^1]",
        "[^1]: ",
        "`",
        "|",
        "| --- |",
        "&lt;",
        "ord ",
    ]
)
any_body = st.lists(_PIECES, max_size=14).map("".join)
_ATTRIBUTES = {
    "a": r"href=\"(?:https?://|mailto:|#)[^\"<>]*\"|rel=\"noopener\""
    r"|class=\"[a-z-]+\"|id=\"fnref\d+(?::\d+)?\"",
    "code": r"class=\"[\w-]+\"",
    "hr": r"class=\"[a-z-]+\"",
    "li": r"(?:id|class)=\"[\w-]+\"",
    "ol": r"start=\"\d+\"|class=\"[a-z-]+\"",
    "section": r"class=\"[a-z-]+\"",
    "sup": r"class=\"[a-z-]+\"",
    "td": r"style=\"text-align:(?:left|right|center)\"",
    "th": r"style=\"text-align:(?:left|right|center)\"",
}
"""What each tag may have; others have none."""
_BARE = "p|h[1-6]|em|strong|pre|ul|blockquote|br|span|table|thead|tbody|tr"
_KNOWN = re.compile(
    rf"</(?:{_BARE}|{'|'.join(_ATTRIBUTES)})>|<(?:{_BARE})(?: /)?>|"
    + "|".join(rf"<{tag}(?: (?:{given}))*(?: /)?>" for tag, given in _ATTRIBUTES.items())
)


def test_marks_are_read_and_pictures_are_their_words() -> None:
    body = (
        "Ta *ikke* mer.[^1]\n\n## Råd\n\n- en\n- to\n\n[lenke](https://example.org)\n\n"
        '![Et brev](brev.jpg "Brevet. Foto: Kari.")\n\n[^1]: Kilden.\n'
    )
    html = as_read(body, "Bilde")
    for wanted in (
        "<em>ikke</em>",
        "<h2>Råd</h2>",
        "<li>en</li>",
        '<a href="https://example.org" rel="noopener">lenke</a>',
        "[Bilde: Et brev Brevet. Foto: Kari.]",
        "Kilden.",
    ):
        assert wanted in html
    for mark in ("*ikke", "##", "[^1]", "brev.jpg"):
        assert mark not in html


@given(any_body)
def test_whatever_is_written_stays_text(body: str) -> None:
    html = _KNOWN.sub("", as_read(body, "Bilde"))
    assert "<" not in html, html


def test_scripts_and_odd_addresses_are_text() -> None:
    html = as_read('<script>alert(1)</script> [a](javascript:alert(1)) ![x](y "<b>")', "Bilde")
    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    "wrong",
    [
        '<p onclick="x">',
        '<a href="javascript:x">',
        '<a href="https://example.org" onclick="x">',
        '<td style="background:url(x)">',
        '<img src="x">',
    ],
)
def test_a_tag_with_what_it_may_not_have_is_seen(wrong: str) -> None:
    assert "<" in _KNOWN.sub("", wrong)
