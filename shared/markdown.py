"""The Markdown that articles are written in: CommonMark with footnotes and tables, and no raw
HTML.

Ingest checks a body and render renders it, so both must read it alike. Where it differs from
CommonMark, the rules are in shared/markup/, and why in
docs/decisions/0021-where-text-differs-from-commonmark.md.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from markdown_it import MarkdownIt
from markdown_it.rules_inline import image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_inline, footnote_ref

from shared.markup import blocks
from shared.markup.as_written import as_written
from shared.markup.emphasis import code_at_word_borders, emphasis
from shared.markup.links import address_in_brackets, bare_links, with_source
from shared.markup.lists import list_block
from shared.markup.tables import table

_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


class _Parser(MarkdownIt):
    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 (markdown-it's name)
        """An address is shown as it was written."""
        return link


@cache
def parser(*, html: bool = False) -> MarkdownIt:
    """The parser. With `html`, raw HTML becomes tokens of its own, so that it can be found."""
    made = _Parser("commonmark", {"html": html}).use(footnote_plugin)
    core, block, inline = made.core.ruler, made.block.ruler, made.inline.ruler
    core.after("normalize", "blank_lines", blocks.blank_lines)
    core.after("block", "as_written", as_written)
    core.after("text_join", "bare_links", bare_links)
    texts = ["paragraph", "reference", "blockquote"]
    block.disable("code")
    block.at("table", table)
    block.enable("table")
    block.at("fence", blocks.closed_fence)
    block.at("blockquote", blocks.quotation, {"alt": ["list"]})
    block.at("hr", blocks.rule, {"alt": [*texts, "list"]})
    block.at("list", list_block, {"alt": texts})
    block.at("heading", blocks.heading)
    block.at("lheading", blocks.underlined_heading)
    block.before("lheading", "picture", blocks.picture, {"alt": ["paragraph"]})
    inline.disable("entity")  # «&nbsp;» is what was written
    inline.at("backticks", code_at_word_borders)
    inline.at("emphasis", emphasis)
    inline.at("autolink", with_source(address_in_brackets))
    inline.at("link", with_source(link))
    inline.at("image", with_source(image))
    inline.at("footnote_inline", with_source(footnote_inline))
    inline.at("footnote_ref", with_source(partial(footnote_ref, always_match=False)))
    return made


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """Every token, children after their parents."""
    for token in tokens:
        yield token
        yield from walk(token.children or ())


def pictures(body: str) -> list[str]:
    """The addresses of the pictures in `body`, each once, in order."""
    found = (str(t.attrs["src"]) for t in walk(parser().parse(body)) if t.type == "image")
    return list(dict.fromkeys(found))


def is_link(address: str) -> bool:
    """Whether a page links to `address`; of any other only the text is shown."""
    scheme, colon, _ = address.partition(":")
    return bool(colon) and scheme.lower() in _LINK_SCHEMES
