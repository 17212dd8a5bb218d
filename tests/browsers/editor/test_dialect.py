"""The newsroom and the page speak one Markdown: what the editor takes for markup, the page does."""

import re
from html.parser import HTMLParser
from typing import Any, ClassVar

import pytest
from markdown_it.token import Token

from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared.article import Picture
from shared.markdown import parser
from tests.browsers.editor.bench import Bench
from tests.browsers.editor.bodies import bodies
from tests.browsers.editor.corpus import pieced, written

pytestmark = pytest.mark.browsers

_PIECED = 1_500
_GENERATED = 500
_TOKENS = """bodies => {
    const one = token => [token.type, token.tag, token.map, token.level, token.content,
        Boolean(token.hidden), token.attrs ?? [],
        token.meta?.source ?? null, token.meta?.label ?? null,
        ["inline", "image"].includes(token.type) ? (token.children ?? []).map(one) : null];
    return bodies.map(body => bench.parser.parse(body, {}).map(one));
}"""
_OUTLINES = "bodies => bodies.map(body => bench.outline(body, visual.schema))"


def corpus() -> list[str]:
    return [*written(), *pieced(_PIECED), *bodies(_GENERATED)]


def test_every_token_is_the_pages(bench: Bench) -> None:
    texts = corpus()
    for body, found in zip(texts, bench.parts().evaluate(_TOKENS, texts), strict=True):
        md = parser(html=True)
        md.core.ruler.disable("footnote_tail")  # which moves footnotes to the end
        wanted = [_token(one) for one in md.parse(body, {})]
        md.core.ruler.enable("footnote_tail")
        assert [_settled(one) for one in found] == [_settled(one) for one in wanted], body


def _token(one: Token) -> list[Any]:
    meta = one.meta
    attrs = [list(pair) for pair in one.attrs.items()]
    inner = (
        [_token(child) for child in one.children or ()] if one.type in ("inline", "image") else None
    )
    place = list(one.map) if one.map else None
    return [one.type, one.tag, place, one.level, one.content, bool(one.hidden), attrs,
            meta.get("source"), meta.get("label"), inner]  # fmt: skip


def _settled(token: list[Any]) -> list[Any]:
    """Without what differs and nobody sees: spaces at the ends of lines and twice, and how an
    address is encoded, which the editor leaves to the page."""
    kind, tag, place, level, content, hidden, attrs, source, label, inner = token
    text = "" if kind in ("footnote_ref", "fence") else " ".join(content.split())
    said = [
        (name, parser().normalizeLink(value) if name in ("href", "src") else value)
        for name, value in attrs
    ]
    children = None if inner is None else [_settled(one) for one in inner]
    return [kind, tag, place, level, text, hidden, said, source, label, children]


@pytest.mark.parametrize("body", ["Ta 2*500 mg morgen og 2*500 mg kveld.", "under\n- 5 grader"])
def test_a_dose_is_no_emphasis_in_either(bench: Bench, body: str) -> None:
    (found,) = bench.parts().evaluate(_OUTLINES, [body])
    assert found == f"<p>{body}</p>".replace("\n", " ")
    assert _page(body) == f"<p>{body}</p>".replace("\n", " ")


def test_what_the_editor_shows_is_what_the_page_shows(bench: Bench) -> None:
    texts = corpus()
    outlines = bench.parts().evaluate(_OUTLINES, texts)
    whole = [
        (body, shown) for body, shown in zip(texts, outlines, strict=True) if shown is not None
    ]
    assert len(whole) > len(texts) / 4  # the others have parts that are shown as text
    for body, shown in whole:
        assert _squeezed(_page(body)) == _squeezed(shown), body


class _Outline(HTMLParser):
    """The page in the few tags that the editor's outline has."""

    SIGNS: ClassVar = {"strong": "s", "em": "e", "code": "c", "a": "a"}
    PLAIN = frozenset({"p", "blockquote", "ul", "ol", "li", "hr", "table", "tr", "th", "td"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._marks: list[str] = []
        self._skipped = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in self.SIGNS:
            self._marks.append(self.SIGNS[tag])
        elif tag == "sup":
            self.text += "<sup>"
            self._skipped += 1
        elif tag == "img":
            self.text += f"{said['alt']}|"
        elif re.fullmatch(r"h\d", tag):
            self.text += "<h>"
        elif tag == "ol":
            self.text += f"<ol {said.get('start') or 1}>"
        elif tag in ("br", "figure") or tag in self.PLAIN:
            self.text += f"<{tag}>"

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SIGNS:
            self._marks.remove(self.SIGNS[tag])
        elif tag == "sup":
            self._skipped -= 1
        elif re.fullmatch(r"h\d", tag):
            self.text += "</h>"
        elif tag == "figure" or (tag in self.PLAIN and tag != "hr"):
            self.text += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            signs = "".join(sorted(set(self._marks)))
            self.text += "".join(f"{{{signs}}}{c}" if signs and c.strip() else c for c in data)


class _AllPictures(dict[str, Picture]):
    def get(self, key: str, default: object = None) -> Picture:  # type: ignore[override]
        return Picture(name="a-0a1b.jpg", width=8, height=6)


def _page(body: str) -> str:
    html = str(body_html(body, _AllPictures(), labels("nb")))
    text = _Outline(html.partition('<section class="footnotes"')[0]).text
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    """Without what one side alone says: whether an item's text is a paragraph, whether a row's
    first cell is its head, bare addresses' links, and spaces."""
    text = re.sub(r"<hr></hr>", "<hr>", text.replace("\u00a0", " "))
    text = re.sub(r"<(/?)th>", r"<\1td>", text)
    text = re.sub(r"\{(\w+)\}", lambda found: _unlinked(found[1]), text)
    return re.sub(r"</?p>|\s+", "", text)


def _unlinked(signs: str) -> str:
    left = signs.replace("a", "")
    return f"{{{left}}}" if left else ""
