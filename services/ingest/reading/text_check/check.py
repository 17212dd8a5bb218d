"""Holds what was written against what will be seen. Pure.

Every character of a body that readers do not see must belong to markup that stands as markup; what
cannot be accounted for is refused, with its line. It does not trust the parser: it walks the text
beside the tokens, and takes from it only what each token may take.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from markdown_it.token import Token

from services.ingest.reading.text_check import tables
from services.ingest.reading.text_check.doubts import doubts
from services.ingest.reading.text_check.findings import Finding, excerpt
from shared.markup.links import SOURCE
from shared.markup.lists import BULLETS
from shared.markup.tables import CELL, ends_head

_PREFIX = re.compile(
    rf"(?:\s|>|[-*+–—o·](?=\s)|[{BULLETS}]|\d{{1,9}}[.)](?=\s)|\#{{1,6}}|\[\^[^\]\s]+\]:)*+"
)
_MARK = re.compile(r"\d{1,9}[.)]|[-*–]")
_INNER_PREFIX = re.compile(r"[\s>]*")
_UNDERLINE = re.compile(r"[\s>]*(?:-{3,}|={3,})\s*")
_RULE = re.compile(r"(?:[\s>]|[-*+](?=\s)|\d{1,9}[.)](?=\s))*?(?:([-*_])[ \t]*)(?:\1[ \t]*){2,}")
_BREAK = re.compile(r" *\\?\n[ \t]*")
_OPENINGS = {"linkify": "", "autolink": "<"}
_ESCAPED = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def check(body: str, tokens: Sequence[Token], env: Mapping[str, Any]) -> list[Finding]:
    """What is to be refused and what is worth a warning, by line. `tokens` and `env` are those of
    parsing `body`."""
    lines = body.split("\n")
    found = [*_unaccounted(lines, tokens, env), *doubts(lines, tokens), *tables.in_doubt(tokens)]
    return sorted(dict.fromkeys(found), key=lambda one: one.line)


def _unaccounted(
    lines: list[str], tokens: Sequence[Token], env: Mapping[str, Any]
) -> Iterator[Finding]:
    seen: set[int] = set()
    for place, token in enumerate(tokens):
        if token.type == "inline":
            yield from _in_texts(lines, tokens, place, seen)
        elif token.type in ("fence", "html_block") and token.map:
            seen.update(range(*token.map))
        elif token.type == "table_open" and token.map:
            yield from _in_table(lines, tokens, place, seen)
        elif token.type == "hr" and token.map and _RULE.fullmatch(lines[token.map[0]]):
            seen.add(token.map[0])
        elif token.type == "heading_open" and token.map and token.markup in "-=":
            last = token.map[1] - 1
            if _UNDERLINE.fullmatch(lines[last]):
                seen.add(last)
    yield from _definitions(lines, tokens, env, seen)
    for number, line in enumerate(lines):
        if number not in seen and not _PREFIX.fullmatch(line):
            yield _lost(number, line)


def _in_texts(
    lines: list[str], tokens: Sequence[Token], place: int, seen: set[int]
) -> Iterator[Finding]:
    """The text at `place`: its lines, of which only marks before it may be missing, and then what
    is inside it. The text of a footnote inside another stands in a line that is seen there."""
    block = tokens[place]
    first = block.map[0] if block.map else 0
    heading = tokens[place - 1].type == "heading_open"
    closing = f" {tokens[place - 1].markup}" if heading else None
    seen.update(range(*block.map) if block.map else ())
    cell = CELL in block.meta  # its row is held against its line by _in_table
    texts = block.content.split("\n") if block.map and not cell else ()
    for number, text in enumerate(texts, start=first):
        allowed = _PREFIX if number == first else _INNER_PREFIX
        if not _holds(lines[number], text, allowed, closing):
            yield _lost(number, lines[number])
            return
    reading = _Reading(block.content)
    if not reading.accounts_for(block.children or []):
        number = first + block.content.count("\n", 0, reading.place)
        yield _lost(number, lines[number])


def _in_table(
    lines: list[str], tokens: Sequence[Token], place: int, seen: set[int]
) -> Iterator[Finding]:
    """The lines of the table at `place`: each must be its cells between `|`, or the one of dashes
    under the first."""
    first, end = tokens[place].map or (0, 0)
    rows: dict[int, str] = {}
    rest = map(tokens.__getitem__, range(place, len(tokens)))
    for token in takewhile(lambda one: one.type != "table_close", rest):
        if token.type == "inline" and token.map:
            number = token.map[0]
            rows[number] = rows.get(number, "|") + f"{_packed(token.content)}|"
    for number in range(first, end):
        seen.add(number)
        dashes = number == first + 1 and ends_head(lines[number])
        if not dashes and rows.get(number) != _packed(lines[number]):
            yield _lost(number, lines[number])


def _packed(text: str) -> str:
    return "".join(text.split())


def _holds(line: str, text: str, allowed: re.Pattern[str], closing: str | None) -> bool:
    """Whether `line` is `text` behind marks of the kind `allowed`, and closed as a heading is."""
    whole, text = _spaced(line), _spaced(text)
    if _MARK.fullmatch(text):  # its number stands alone, since something else follows it
        prefix = _PREFIX.match(f"{whole} ")
        return prefix is not None and text in prefix[0]
    if closing and whole.endswith(text + closing):
        whole = whole.removesuffix(closing)
    return whole.endswith(text) and bool(allowed.fullmatch(whole[: len(whole) - len(text)]))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _lost(number: int, line: str) -> Finding:
    return Finding(
        number + 1,
        f"«{excerpt(line)}» kan ikke leses slik at leserne ser alle tegnene; skriv det med enklere "
        "ord og tegn, eller sett \\ foran tegnet som skal vises",
        refused=True,
    )


def _definitions(
    lines: list[str], tokens: Sequence[Token], env: Mapping[str, Any], seen: set[int]
) -> Iterator[Finding]:
    """Lines such as `[2]: https://…`, which readers never see: each must have made a link."""
    used = {
        child.attrs.get("href") or child.attrs.get("src")
        for token in tokens
        for child in token.children or ()
        if child.type in ("link_open", "image")
    }
    first = [(one, False) for one in env.get("references", {}).values()]
    for reference, again in [*first, *((one, True) for one in env.get("duplicate_refs", ()))]:
        start, end = reference["map"]
        seen.update(range(start, end))
        if again or reference["href"] not in used or reference["title"]:
            yield Finding(
                start + 1,
                f"leserne ville ikke sett «{excerpt(lines[start])}»; skriv lenken som "
                "[ordene](https://…), eller \\[ foran hvis linjen skal leses",
                refused=True,
            )


class _Reading:
    """Walks a text beside its tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._links: list[tuple[int, Token]] = []
        self.place = 0
        """How far in the text everything is accounted for."""

    def accounts_for(self, children: Sequence[Token]) -> bool:
        return all(map(self._takes, children)) and self.place == len(self._text)

    def _takes(self, token: Token) -> bool:
        match token.type:
            case "text":
                taken = self._takes_text(token.content)
            case "softbreak" | "hardbreak":
                found = _BREAK.match(self._text, self.place)
                taken = self._takes_mark(found[0] if found else "\0")
            case "em_open" | "em_close" | "strong_open" | "strong_close":
                taken = self._takes_emphasis(token.markup)
            case "code_inline":
                taken = self._takes_code(token)
            case "link_open":
                self._links.append((self.place, token))
                taken = self._takes_mark(_OPENINGS.get(token.markup, "["))
            case "link_close":
                taken = self._takes_end_of_link()
            case "image" | "footnote_ref":
                taken = self._takes_mark(str(token.meta.get(SOURCE, "\0")))
            case _:  # raw HTML is refused elsewhere
                taken = token.type == "html_inline" and self._takes_mark(token.content)
        return taken

    def _takes_mark(self, mark: str) -> bool:
        fits = self._text.startswith(mark, self.place)
        self.place += len(mark) if fits else 0
        return fits

    def _takes_text(self, content: str) -> bool:
        if "\\" not in self._text[self.place : self.place + len(content) + 1]:
            return self._takes_mark(content)
        for char in content:
            after = self._text[self.place + 1 : self.place + 2]
            self.place += self._text.startswith("\\", self.place) and after in _ESCAPED
            if not self._takes_mark(char):
                return False
        return True

    def _takes_emphasis(self, mark: str) -> bool:
        """Marks at the border of a word, and all of them."""
        if not self._takes_mark(mark):
            return False
        before = self._text[max(0, self.place - len(mark) - 1) : self.place - len(mark)]
        after = self._text[self.place : self.place + 1]
        return not (before.isalnum() and after.isalnum())

    def _takes_code(self, token: Token) -> bool:
        start = self.place + len(token.markup)
        ends = re.compile(rf"(?<!`){token.markup}(?!`)")
        if not self._takes_mark(token.markup) or not (end := ends.search(self._text, start)):
            return False
        self.place = end.end()
        return self._text[start : end.start()].split() == token.content.split()

    def _takes_end_of_link(self) -> bool:
        start, opening = self._links.pop()
        if opening.markup == "linkify":
            return True
        if opening.markup == "autolink":
            return self._takes_mark(">")
        source = str(opening.meta.get(SOURCE, ""))
        end = start + len(source)
        fits = self._text.startswith("]", self.place) and self._text.startswith(source, start)
        self.place = end if fits and end > self.place else self.place
        return fits
