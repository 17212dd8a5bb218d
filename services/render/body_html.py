"""An article's body, from Markdown to HTML. Every text is escaped; raw HTML does not exist.

The parser is `shared.markdown`'s, as ingest's; body_tokens.py puts its tokens right, and here they
are written out by rules of our own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from services.render.body_tokens import arranged
from services.render.labels import PageLabels
from shared.article import Picture
from shared.markdown import parser

_CREDIT = "Foto:"


def body_html(body: str, pictures: Mapping[str, Picture], labels: PageLabels) -> Markup:
    """The HTML of `body`, for the inside of an `<article>` that has its own `<h1>`.

    `pictures` maps the addresses that the body uses to pictures under `/assets/`; of any other
    picture only the alternative text is left.
    """
    env: dict[str, Any] = {}
    tokens = arranged(parser().parse(body, env))
    options = OptionsDict({**parser().options, "xhtmlOut": False})  # type: ignore[typeddict-item]
    html = _Writer(pictures, labels).render(tokens, options, env)
    return Markup(html)  # noqa: S704 (the writer escapes)


def split_credit(title: str) -> tuple[str, str]:
    """A picture's title as its caption and its credit («Foto: …»); either may be empty."""
    at = title.rfind(_CREDIT)
    return (title.strip(), "") if at < 0 else (title[:at].strip(), title[at:].strip())


class _Writer(RendererHTML):
    """Writes tokens; each public method is the rule for the tokens of its name."""

    def __init__(self, pictures: Mapping[str, Picture], labels: PageLabels) -> None:
        super().__init__()
        self._pictures = pictures
        self._labels = labels

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children or [], options, env)
        picture = self._pictures.get(str(token.attrs["src"]))
        if picture is None:
            return escape(alt)
        image = Markup(
            '<img src="/assets/{}" alt="{}" width="{}" height="{}" loading="lazy">'
        ).format(picture.name, alt, picture.width, picture.height)
        if not token.meta.get("figure"):
            return image
        caption, credit = split_credit(str(token.attrs.get("title", "")))
        marked = Markup('<span class="credit">{}</span>').format(credit) if credit else ""
        words = Markup(" ").join(part for part in (caption, marked) if part)
        figcaption = Markup("<figcaption>{}</figcaption>").format(words) if words else ""
        # By a class: the height of a picture that is not loaded yet must follow from its width.
        tall = Markup(' class="tall"') if picture.height > picture.width else ""
        return Markup("<figure{}>{}{}</figure>\n").format(tall, image, figcaption)

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
