"""What a body must keep to besides its length: no raw HTML, no links that the page would leave out;
footnotes with texts, and pictures with alternative texts (WCAG 2.2, success criterion 1.1.1). Of
tables see text_check/tables.py."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from services.ingest.problems import FieldError
from services.ingest.reading.paths import clean
from services.ingest.reading.text_check import tables
from services.ingest.reading.text_check.check import check
from services.ingest.reading.text_check.findings import Finding
from shared.markdown import is_link, parser, walk
from shared.markup.tables import CELL

_LINE_END = re.compile(r"\r\n?")
_INLINE_FOOTNOTES = 500
# Reading unclosed ones takes the parser quadratic time: a minute for 100,000 of them.
_BRACKETS = 5_000
# Each costs the parser as much as two hundred letters, since it looks for the end of a link.

_DEFINITION = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
# Brackets and an address that are still there after parsing, so that readers would see them.
_ADDRESS = r"\(\s?(?:<([^<>\n]*)>|([^\s<>()\"“”«»]*))"
_PICTURE_AS_TEXT = re.compile(rf"!\[[^\[\]]*\]\s?{_ADDRESS}")
_LINK_AS_TEXT = re.compile(rf"(?<!!)\[[^\[\]]*\]{_ADDRESS}")
_ESCAPE = re.compile(r"\\[!\[\]()]")


@dataclass(frozen=True)
class BodyReading:
    """What a reading of a body found."""

    pictures: tuple[str, ...]
    """Addresses of its pictures, each once, in order, as every reader of the body sees them."""
    errors: tuple[FieldError, ...]
    findings: tuple[Finding, ...] = ()
    """Of tables and, if there are no errors and no such findings, of the text check."""


NOTHING = BodyReading(pictures=(), errors=())


@lru_cache(maxsize=1)
def read(body: str) -> BodyReading:
    """Read any text, also one that the fields' rules refuse for its characters. Fields and linter
    both ask for it, and a text that is checked is handed in next: it is read once for all."""
    body = _as_the_parser_sees(body)
    if body.count("^[") > _INLINE_FOOTNOTES:
        error = FieldError("body", f"høyst {_INLINE_FOOTNOTES} fotnoter inne i teksten (^[…])")
        return BodyReading(pictures=(), errors=(error,))
    if body.count("[") > _BRACKETS:
        words = f"teksten har over {_BRACKETS} tegn «[»; fjern dem, eller del saken i flere"
        return BodyReading(pictures=(), errors=(FieldError("body", words),))
    parsed, env = parse(body)
    tokens = list(walk(parsed))
    images = [token for token in tokens if token.type == "image"]
    blocks = [token for token in tokens if token.type == "inline"]
    addresses = dict.fromkeys(str(image.attrs["src"]) for image in images)
    messages = [
        *_raw_html(parsed),
        *_references_without_text(tokens),
        *_texts_without_reference(body, tokens),
        *_without_alt(images),
        *_lost_links(blocks),
        *_left_as_text(blocks),
    ]
    lines = body.split("\n")
    findings = list(dict.fromkeys(tables.refused(lines, parsed)))
    if not messages and not findings:
        findings = check(body, parsed, env)
    return BodyReading(
        pictures=tuple(addresses),
        errors=tuple(FieldError("body", message) for message in dict.fromkeys(messages)),
        findings=tuple(findings),
    )


@lru_cache(maxsize=1)
def parse(body: str) -> tuple[list[Token], dict[str, Any]]:
    """The tokens of `body` and the parser's notes, made once for all who look at them. Nobody may
    change them. With raw HTML let through, a body without any has the same tokens."""
    env: dict[str, Any] = {}
    return parser(html=True).parse(body, env), env


def _as_the_parser_sees(text: str) -> str:
    """Lines and characters as they stand in the tokens (CommonMark 0.31, sections 2.1 and 2.3), so
    that the check and the parser count the same lines."""
    return _LINE_END.sub("\n", text).replace("\0", "\ufffd")


def refusals(found: BodyReading, above: int | None) -> tuple[FieldError, ...]:
    """All that a body is refused for. `above` is how many lines of the file stand over it; None if
    there is no file."""
    refused = (one for one in found.findings if one.refused)
    return (*found.errors, *(FieldError("body", one.message(above)) for one in refused))


def never_uploaded(address: str) -> FieldError:
    return FieldError(
        "body",
        f"bildet «{clean(unquote(address))}» er ikke lastet opp; legg filen i samme mappe som "
        "saken, med nøyaktig dette navnet",
    )


def _raw_html(blocks: list[Token]) -> Iterator[str]:
    """But in tables, in which it is refused with its line."""
    for token in walk(block for block in blocks if CELL not in block.meta):
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


def _texts_without_reference(body: str, tokens: list[Token]) -> Iterator[str]:
    """Footnotes that the page would leave out without a word."""
    code = {
        number
        for token in tokens
        if token.type in ("fence", "code_block") and token.map
        for number in range(*token.map)
    }
    defined = Counter(
        found[1]
        for number, line in enumerate(body.split("\n"))
        if number not in code and (found := _DEFINITION.match(line))
    )
    used = {token.meta.get("label") for token in tokens if token.type == "footnote_ref"}
    for label, times in defined.items():
        shown = f"[^{clean(label)}]"
        if times > 1:
            yield f"fotnoten «{shown}» har {times} tekster; gi hver fotnote et eget nummer"
        elif label not in used:
            yield f"fotnoten «{shown}» er ikke brukt i teksten; sett «{shown}» der den hører til"


def _without_alt(images: list[Token]) -> Iterator[str]:
    for image in images:
        if not image.content.strip():
            yield (
                f"bildet «{clean(unquote(str(image.attrs['src'])))}» mangler alternativ tekst; "
                "skriv hva det viser mellom [ og ]"
            )


def _lost_links(blocks: list[Token]) -> Iterator[str]:
    for block in blocks:
        for child in block.children or ():
            if child.type == "link_open" and not is_link(address := str(child.attrs["href"])):
                yield _lost_link(address)


def _lost_link(address: str) -> str:
    return (
        f"lenken til «{clean(unquote(address))}» ville falle bort; skriv hele adressen, som "
        "https://… (mailto: og tel: er også lov)"
    )


def _left_as_text(blocks: list[Token]) -> Iterator[str]:
    for block in blocks:
        text = _text(block)
        if _ESCAPE.search(block.content):
            continue  # brackets may be meant to be read
        for match in _PICTURE_AS_TEXT.finditer(text):
            yield _picture_as_text(match[1] or match[2] or "")
        for match in _LINK_AS_TEXT.finditer(text):
            yield _link_as_text(match[1] or match[2] or "")


def _text(block: Token) -> str:
    """What readers see of a block's own text; code, which is what it is, is only a mark."""
    marks = {"softbreak": "\n", "hardbreak": "\n", "code_inline": "`"}
    return "".join(
        child.content if child.type == "text" else marks.get(child.type, "")
        for child in block.children or ()
    )


def _picture_as_text(address: str) -> str:
    return (
        f"bildet «{clean(address)}» er skrevet slik at det ville bli stående som tekst; bruk rette "
        'anførselstegn "…" rundt bildeteksten og bare «…» inne i den, ikke mellomrom mellom ] og (,'
        " og < > rundt et filnavn med mellomrom"
    )


def _link_as_text(address: str) -> str:
    if not is_link(address):
        return _lost_link(address)
    return (
        f"lenken til «{clean(address)}» er skrevet slik at den ville bli stående som tekst; skriv "
        "[ordene](https://…) uten mellomrom i adressen"
    )
