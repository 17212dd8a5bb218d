"""What a body must keep to besides its length: no raw HTML, footnotes with texts, pictures with
alternative texts (WCAG 2.2, success criterion 1.1.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from services.ingest.paths import clean
from services.ingest.problems import FieldError
from shared.markdown import parser, walk

_INLINE_FOOTNOTES = 500
# Reading unclosed ones takes the parser quadratic time: a minute for 100,000 of them.

_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(frozen=True)
class Body:
    """What a reading of a body found."""

    pictures: tuple[str, ...]
    """Addresses of its pictures, each once, in order, as every reader of the body sees them."""
    errors: tuple[FieldError, ...]


NOTHING = Body(pictures=(), errors=())


def read(body: str) -> Body:
    if body.count("^[") > _INLINE_FOOTNOTES:
        error = FieldError("body", f"høyst {_INLINE_FOOTNOTES} fotnoter inne i teksten (^[…])")
        return Body(pictures=(), errors=(error,))
    # One parse for everything. With raw HTML let through, a body without any has the same tokens.
    tokens = list(walk(parser(html=True).parse(body)))
    images = [token for token in tokens if token.type == "image"]
    addresses = dict.fromkeys(str(image.attrs["src"]) for image in images)
    messages = [*_raw_html(tokens), *_references_without_text(tokens), *_without_alt(images)]
    return Body(
        pictures=tuple(addresses),
        errors=tuple(FieldError("body", message) for message in dict.fromkeys(messages)),
    )


def never_uploaded(address: str) -> FieldError:
    return FieldError(
        "body",
        f"bildet «{clean(address)}» er ikke lastet opp; last det opp med POST /api/assets først",
    )


def _raw_html(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            yield "teksten har rå HTML, som ikke er lov; bruk Markdown, eller \\< for tegnet <"


def _references_without_text(tokens: list[Token]) -> Iterator[str]:
    for block in tokens:
        texts = (child.content for child in block.children or () if child.type == "text")
        for label in {label for text in texts for label in _REFERENCE.findall(text)}:
            escaped = f"\\[^{label}" in block.content
            if not escaped:
                shown = f"[^{clean(label)}]"
                yield f"fotnoten «{shown}» mangler tekst; skriv linjen «{shown}: …»"


def _without_alt(images: list[Token]) -> Iterator[str]:
    for image in images:
        if not image.content.strip():
            yield (
                f"bildet «{clean(str(image.attrs['src']))}» mangler alternativ tekst; "
                "skriv hva det viser mellom [ og ]"
            )
