"""An old site's files are read whole, or told of: pure, but for the files themselves."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.reading import body
from varsel.commands.moving.html_text import markdown_and_notes
from varsel.commands.moving.markdown_folder import with_lead
from varsel.commands.moving.old_article import OldArticleError
from varsel.commands.moving.redirects import read_redirects, resolve
from varsel.commands.moving.wxr import items

SITE = "https://gammel.example.org/2019/sak/"
_PATHS = st.sampled_from([f"/{letter}" for letter in "abcdefgh"])


@given(st.dictionaries(_PATHS, _PATHS), st.sets(_PATHS))
def test_each_redirect_ends_at_an_article_or_is_told(
    redirects: dict[str, str], homes: set[str]
) -> None:
    found = resolve(redirects, homes)
    assert found.homes.keys() | found.problems.keys() == redirects.keys()
    assert not found.homes.keys() & found.problems.keys()
    assert set(found.homes.values()) <= homes
    for start, end in found.homes.items():
        at = start
        for _ in range(len(redirects)):
            at = at if at in homes else redirects[at]
        assert at == end
        assert start not in homes, "an article's own address never leads elsewhere"


def test_a_ring_is_told_of_each_in_it() -> None:
    found = resolve({"/a": "/b", "/b": "/a", "/c": "/a", "/d": "/e"}, {"/e"})
    assert found.homes == {"/d": "/e"}
    assert all("ring" in why for why in found.problems.values())
    assert found.problems.keys() == {"/a", "/b", "/c"}


def test_lines_of_redirects_that_say_nothing_are_told_by_number() -> None:
    found, problems = read_redirects("# alt\n/a/ /b/ 301\n\n/bare\n/x /redaksjon/y\n")
    assert found == {"/a": "/b"}
    assert list(problems) == ["_redirects, linje 4", "_redirects, linje 5"]


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("Ett.\n\nTo,\nto.", "Ett.\n\nTo,\\\nto."),
        ("<p>Et <strong>viktig </strong>ord</p>", "Et **viktig** ord"),
        ("<p><em><a href='/b/'>lenke</a></em></p>", "*[lenke](https://gammel.example.org/b/)*"),
        ("<h2>Over</h2><ul><li>a</li><li>b</li></ul>", "## Over\n\n- a\n- b"),
        ("<blockquote><p>En</p><p>To</p></blockquote>", "> En\n>\n> To"),
        (
            '<figure><img src="/w/a.jpg" alt="Telt"><figcaption>Ved sjøen</figcaption></figure>',
            '![Telt](https://gammel.example.org/w/a.jpg "Ved sjøen")',
        ),
        ('<script>alert(1)</script><p onclick="x">Trygt</p>', "Trygt"),
        (
            '<iframe src="https://film.example.org/1"></iframe>',
            "[https://film.example.org/1](https://film.example.org/1)",
        ),
        ("<p>2 * 3 * 4 [a]</p>", "2 * 3 * 4 [a]"),
    ],
)
def test_html_becomes_our_markdown(html: str, markdown: str) -> None:
    found, notes = markdown_and_notes(html, SITE)
    assert (found, notes) == (markdown, [])
    assert not body.refusals(body.read(found), None)


def test_what_only_wordpress_understands_is_told() -> None:
    found, notes = markdown_and_notes('Før.\n\n[gallery ids="1,2"]\n\nEtter.', SITE)
    assert found == "Før.\n\nEtter."
    assert "[gallery]" in notes[0]


@pytest.mark.parametrize(
    ("lead", "text", "found"),
    [
        ("Ingress.", "En.\n\nTo.", ("Ingress.", "En.\n\nTo.")),
        (None, "En.\n\nTo.", ("En.", "To.")),
        (None, "Bare en.", ("Bare en.", "Bare en.")),
        (None, "Med **fet**.\n\nTo.", ("Med fet.", "Med **fet**.\n\nTo.")),
    ],
)
def test_nothing_of_the_text_is_lost_to_the_lead(
    lead: str | None, text: str, found: tuple[str, str]
) -> None:
    fields = with_lead(lead, text)
    assert (fields["lead"], fields["body"]) == found


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
        '<?xml version="1.0"?><!DOCTYPE r SYSTEM "file:///etc/passwd"><rss/>',
        "<rss><channel><item>",
    ],
)
def test_a_file_that_is_no_export_is_refused_before_it_grows(tmp_path: Path, xml: str) -> None:
    (tmp_path / "a.xml").write_text(xml)
    with pytest.raises(OldArticleError):
        list(items(tmp_path / "a.xml"))
