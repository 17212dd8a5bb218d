"""An article's body, from Markdown to HTML. Every text is escaped; raw HTML does not exist.

The parser is `shared.markdown`'s, as ingest's; body_tokens.py puts its tokens right, and here they
are written out by rules of our own.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from services.render.text.body_tokens import NAMED_BY, arranged
from services.render.text.labels import PageLabels
from services.render.text.picture_html import picture_html
from shared.article import Picture
from shared.credit import split_credit
from shared.markdown import parser
from shared.picture_files import PictureSizes

_COLUMN = "(min-width: 40.5rem) 38rem, calc(100vw - 2.5rem)"
_TALL = "(min-width: 28.5rem) 26rem, calc(100vw - 2.5rem)"
"""How wide style.css shows a picture, for browsers to choose a file by."""


def body_html(
    body: str,
    pictures: Mapping[str, Picture],
    labels: PageLabels,
    sizes: Mapping[str, PictureSizes] = MappingProxyType({}),
) -> Markup:
    """The HTML of `body`, for the inside of an `<article>` that has its own `<h1>`.

    `pictures` maps the addresses that the body uses to pictures under `/assets/`; of any other
    picture only the alternative text is left. `sizes` is what there is beside a picture's file, by
    the picture's name.
    """
    env: dict[str, Any] = {}
    tokens = arranged(parser().parse(body, env))
    options = OptionsDict({**parser().options, "xhtmlOut": False})  # type: ignore[typeddict-item]
    html = _Writer(pictures, labels, sizes).render(tokens, options, env)
    return Markup(html)  # noqa: S704 (the writer escapes)


class _Writer(RendererHTML):
    """Writes tokens; each public method is the rule for the tokens of its name."""

    def __init__(
        self,
        pictures: Mapping[str, Picture],
        labels: PageLabels,
        sizes: Mapping[str, PictureSizes],
    ) -> None:
        super().__init__()
        self._sizes = sizes
        self._pictures = pictures
        self._labels = labels

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children or [], options, env)
        picture = self._pictures.get(str(token.attrs["src"]))
        if picture is None:
            return escape(alt)
        tall = picture.height > picture.width
        image = picture_html(
            picture, alt, self._sizes.get(picture.name), shown_at=_TALL if tall else _COLUMN
        )
        if not token.meta.get("figure"):
            return image
        caption, credit = split_credit(str(token.attrs.get("title", "")))
        marked = Markup('<span class="credit">{}</span>').format(credit) if credit else ""
        words = Markup(" ").join(part for part in (caption, marked) if part)
        figcaption = Markup("<figcaption>{}</figcaption>").format(words) if words else ""
        # By a class: the height of a picture that is not loaded yet must follow from its width.
        marked_tall = Markup(' class="tall"') if tall else ""
        return Markup("<figure{}>{}{}</figure>\n").format(marked_tall, image, figcaption)

    def table_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """A wide table scrolls alone, by the keyboard too, so what scrolls has its name."""
        named_by = tokens[idx].meta.get(NAMED_BY)
        name = Markup('aria-labelledby="{}"').format(named_by)
        if not named_by:
            name = Markup('aria-label="{}"').format(self._labels.table)
        return Markup('<div class="table" role="group" tabindex="0" {0}>\n<table {0}>\n').format(
            name
        )

    def table_close(self, *_: Any) -> str:
        return "</table>\n</div>\n"

    def footnote_ref(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        number, mark = _footnote(tokens[idx])
        return Markup(
            '<sup class="footnote-ref"><a href="#fn{0}" id="fnref{1}" role="doc-noteref"'
            ' aria-label="{2} {0}">{0}</a></sup>'
        ).format(number, mark, self._labels.footnote)

    def footnote_block_open(self, *_: Any) -> str:
        return Markup(
            '<section class="footnotes" role="doc-endnotes" aria-labelledby="fotnoter">\n'
            '<h2 id="fotnoter">{}</h2>\n<ol>\n'
        ).format(self._labels.footnotes)

    def footnote_block_close(self, *_: Any) -> str:
        return "</ol>\n</section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return Markup('<li id="fn{}">').format(_footnote(tokens[idx])[0])

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        number, mark = _footnote(tokens[idx])
        return Markup(
            ' <a class="footnote-back" href="#fnref{}" role="doc-backlink"'
            ' aria-label="{} {}">↩\ufe0e</a>'
        ).format(mark, self._labels.back_to_text, number)


def _footnote(token: Token) -> tuple[int, str]:
    """A footnote's number from 1, and the name of this mark of it («1», then «1-1»)."""
    number = token.meta["id"] + 1
    repeat = token.meta.get("subId", 0)
    return number, f"{number}-{repeat}" if repeat else str(number)
