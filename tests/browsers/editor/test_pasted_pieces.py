"""Whatever is composed of what programs put on the clipboard: its words come in their order, as
paragraphs, headings, lists, links and tables, and nothing else comes."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from services.ingest.reading.body import parse
from shared.markdown import walk
from tests.browsers.editor import pasted
from tests.browsers.editor.bench import Bench
from tests.examples import examples

pytestmark = pytest.mark.browsers

ALLOWED = frozenset(
    {"inline", "text", "softbreak", "hardbreak"}
    | {
        f"{kind}_{end}"
        for end in ("open", "close")
        for kind in (
            *("paragraph", "heading", "bullet_list", "ordered_list", "list_item", "link"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        )
    }
)
ADDRESS = "https://example.org/r"
_ONE = "<o:p></o:p>"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Program:
    """How a program writes each piece; `{}` is the text."""

    around: str
    paragraph: str
    heading: str
    item: tuple[str, str, str]
    """Before the list, an item, after the list."""
    numbered: tuple[str, str, str]
    """The same; `{n}` is its number."""
    runs: tuple[str, ...]
    """Ways in which a few words look."""


PROGRAMS = {
    "Word": Program(
        "<html xmlns:o='urn:x'><body lang=NO-BOK><!--StartFragment-->{}<!--EndFragment-->",
        f"<p class=MsoNormal>{{}}{_ONE}</p>",
        f"<h1>{{}}{_ONE}</h1>",
        (
            "",
            "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span "
            "style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>{}</p>",
            "",
        ),
        (
            "",
            "<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span "
            "style='mso-list:Ignore'>{n}.<span>&nbsp; </span></span><![endif]>{}</p>",
            "",
        ),
        (
            "<b><span style='color:red'>{}</span></b>",
            "<i style='mso-bidi-font-style:normal'>{}</i>",
        ),
    ),
    "Word in a browser": Program(
        "<div>{}</div>",
        "<div class='OutlineElement Ltr'><p class='Paragraph'><span class='TextRun'>{}</span><span "
        "class='EOP'>&nbsp;</span></p></div>",
        "<div><p role='heading' aria-level='2' class='Paragraph'><span>{}</span></p></div>",
        (
            "",
            "<div class='ListContainerWrapper'><ul role='list'><li data-aria-level='1'><p>{}<span "
            "class='EOP'>&nbsp;</span></p></li></ul></div>",
            "",
        ),
        (
            "",
            "<div class='ListContainerWrapper'><ol role='list' start='{n}'><li data-aria-level='1'>"
            "<p>{}</p></li></ol></div>",
            "",
        ),
        ("<span style='font-weight:bold'>{}</span>", "<span data-contrast='none'>{}</span>"),
    ),
    "Google Docs": Program(
        "<meta charset='utf-8'><b style='font-weight:normal' id='docs-internal-guid-1'>{}</b>",
        "<p dir='ltr'><span>{}</span></p>",
        "<h2 dir='ltr'><span>{}</span></h2>",
        (
            "<ul>",
            "<li dir='ltr' aria-level='1'><p role='presentation'><span>{}</span></p></li>",
            "</ul>",
        ),
        (
            "<ol>",
            "<li dir='ltr' aria-level='1'><p role='presentation'><span>{}</span></p></li>",
            "</ol>",
        ),
        (
            "<span style='font-weight:700'>{}</span>",
            "<span style='text-decoration:underline'>{}</span>",
        ),
    ),
    "mail": Program(
        "<div class='gmail_default' style='font-family:arial'>{}</div>",
        "<div><font color='red'>{}</font></div><div><br></div>",
        "<h3>{}</h3>",
        ("<ul type=disc>", "<li class=MsoNormal>{}</li>", "</ul>"),
        ("<ol>", "<li>{}</li>", "</ol>"),
        ("<strong>{}</strong>", "<u>{}</u>", "<em>{}</em>"),
    ),
    "Pages": Program(
        "<html><head><style>p.p1 {{margin: 0px}}</style></head><body>{}</body></html>",
        "<p class='p1'>{}</p>",
        "<h1 class='p1'><b>{}</b></h1>",
        ("<ul class='ul1'>", "<li class='li2'><span class='s2'></span>{}</li>", "</ul>"),
        ("<ol class='ol1'>", "<li class='li2'>{}</li>", "</ol>"),
        ("<span class='s1'><b>{}</b></span>", "<i>{}</i>"),
    ),
}
LITTER = (
    "<script>alert(1)</script>",
    "<img src='https://spor.example.org/1.gif' width=1>",
    "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->",
    "<div style='display:none'>skjult</div>",
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>",
    "<iframe src='https://example.org/'></iframe>",
    "<svg><text>tegnet</text></svg>",
)
word = st.sampled_from(
    ["ring", "legen", "ta", "prøve", "uke", "dose", "kveld", "5", "mg", "Exempla", "ære", "blå"]
)
words = st.lists(word, min_size=1, max_size=4).map(" ".join)


@st.composite
def texts(draw: st.DrawFn, program: Program) -> str:
    """A few words, some of which look like something, or lead somewhere."""
    parts = []
    for one in draw(st.lists(words, min_size=1, max_size=3)):
        look = draw(st.sampled_from(("{}", *program.runs, f"<a href='{ADDRESS}'>{{}}</a>")))
        parts.append(look.format(html.escape(one)))
    return " ".join(parts)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[str, int]]]:
    """What a program puts on the clipboard, and the kind and length of each list in it. It begins
    with a heading: it is no plain text."""
    program = PROGRAMS[draw(st.sampled_from(sorted(PROGRAMS)))]
    parts, lists = [program.heading.format(draw(texts(program)))], list[tuple[str, int]]()
    for kind in draw(st.lists(st.sampled_from("phunlt"), max_size=6)):
        rows = draw(st.lists(texts(program), min_size=2, max_size=3))
        if kind == "p":
            parts.append(program.paragraph.format(rows[0]))
        elif kind == "h":
            parts.append(program.heading.format(rows[0]))
        elif kind == "l":
            parts.append(draw(st.sampled_from(LITTER)))
        elif kind == "t":
            cells = "".join(f"<td>{program.paragraph.format(one)}</td>" for one in rows)
            parts.append(f"<table><tbody><tr>{cells}</tr><tr>{cells}</tr></tbody></table>")
        else:
            before, item, after = program.item if kind == "u" else program.numbered
            lists.append(("bullet_list" if kind == "u" else "ordered_list", len(rows)))
            items = (item.replace("{n}", str(n)).format(one) for n, one in enumerate(rows, 1))
            parts.append(before + "".join(items) + after)
            parts.append(program.paragraph.format("slutt"))
    return program.around.format("".join(parts)), lists


def said(document: str) -> list[str]:
    """The words that somebody reads in it."""
    shown = document
    for litter in LITTER:
        shown = shown.replace(litter, "")
    shown = re.sub(
        r"<!--.*?-->|<style>.*?</style>|<span style='mso-list:Ignore'>.*?</span></span>", "", shown
    )
    return _WORD.findall(html.unescape(re.sub(r"<[^>]*>", " ", shown)))


def lists_of(tokens: list[Token]) -> Iterator[tuple[str, int]]:
    """The kind and length of each list."""
    for place, token in enumerate(tokens):
        if token.type.endswith("_list_open"):
            rest = tokens[place + 1 :]
            end = [one.type for one in rest].index(token.type.replace("open", "close"))
            items = sum(one.type == "list_item_open" for one in rest[:end])
            yield token.type.removesuffix("_open"), items


@settings(max_examples=examples(80), suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_only_words_headings_lists_links_and_tables_come_of_it(
    bench: Bench, document: tuple[str, list[tuple[str, int]]]
) -> None:
    pasted_html, lists = document
    if not bench.page.locator("#body").count():
        bench.open().get_by_role("button", name="Tekst", exact=True).click()
    markdown = pasted.pasted_text(bench.page, "#body", pasted_html)
    tokens = list(walk(parse(markdown)[0]))
    assert {token.type for token in tokens} <= ALLOWED, markdown
    assert {t.attrs["href"] for t in tokens if t.type == "link_open"} <= {ADDRESS}
    assert list(lists_of(tokens)) == lists, markdown
    shown = " ".join(token.content for token in tokens if token.type == "text")
    assert _WORD.findall(shown) == said(pasted_html), markdown
