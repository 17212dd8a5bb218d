"""A body as somebody reads it who does not write Markdown: HTML without pictures. Pure."""

from collections.abc import Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from shared.markdown import is_link, parser


def as_read(body: str, picture: str) -> Markup:
    """The body as HTML. A picture is its words, with `picture` before them; what is no link on the
    page is text. The parser takes no HTML, so all that was written is escaped."""

    def image(tokens: Sequence[Token], at: int, *_: Any) -> str:
        token = tokens[at]
        said = (token.content, str(token.attrs.get("title") or ""))
        words = " ".join(one for one in said if one)
        return str(Markup("<em>[{}: {}]</em>").format(picture, words))

    def opening(tokens: Sequence[Token], at: int, *_: Any) -> str:
        address = str(tokens[at].attrs.get("href") or "")
        if not is_link(address):
            return "<span>"
        return str(Markup('<a href="{}" rel="noopener">').format(address))

    def closing(tokens: Sequence[Token], at: int, *_: Any) -> str:
        opened = next(one for one in reversed(tokens[:at]) if one.type == "link_open")
        return "</a>" if is_link(str(opened.attrs.get("href") or "")) else "</span>"

    made = RendererHTML()
    own: dict[str, Any] = {"image": image, "link_open": opening, "link_close": closing}
    made.rules = {**vars(parser().renderer)["rules"], **own}
    env: dict[str, Any] = {}
    html = made.render(parser().parse(body, env), parser().options, env)
    return Markup(html)  # noqa: S704 (the renderer escapes what was written)
