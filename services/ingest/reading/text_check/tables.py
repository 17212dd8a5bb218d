"""What readers would not get of a table is refused, with its line: rows that do not fit, columns
without a heading, pictures, HTML. Pure; the rules of a table are shared/markup/tables.py."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from markdown_it.token import Token

from services.ingest.reading.text_check.findings import Finding, excerpt
from shared.markup import tables

_ROW = re.compile(r"\s*\|.*(?<!\\)\|\s*")
_TABBED = re.compile(r"[^\t\n]*\S\t+\S[^\n]*")
_TOLD = 20
"""Findings. Each looks at all lines around it, so that more would take quadratic time."""
_EXAMPLE = "«| Vekt | Dose |», under den «|---|---|», og så én linje for hver rad"


def refused(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Finding]:
    """`lines` are the body's, `tokens` those of parsing it."""
    yield from _in_tables(tokens)
    texts = (one for one in tokens if one.type == "inline" and tables.CELL not in one.meta)
    yield from islice((found for text in texts for found in _no_table(lines, text)), _TOLD)


def in_doubt(tokens: Sequence[Token]) -> Iterator[Finding]:
    """What is worth a warning: cells of nothing, and columns that are only spaces apart."""
    for before, token in pairwise(tokens):
        if token.type != "inline":
            continue
        where = (token.map or [0])[0] + 1
        texts = token.content.split("\n")
        if tables.CELL in token.meta:
            if before.type == "td_open" and not token.content:
                yield Finding(
                    where,
                    "en celle i tabellen er tom, og leserne vet ikke hvorfor; skriv «–», «ingen» "
                    "eller «ikke kjent»",
                )
        elif len(texts) > 1 and all(map(_TABBED.fullmatch, texts)):
            words = f"«{excerpt(texts[0])}» ser ut som en tabell, men blir ett avsnitt"
            yield Finding(where, f"{words}; skriv {_EXAMPLE}")


def _in_tables(tokens: Sequence[Token]) -> Iterator[Finding]:
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            yield from _head_and_rows(tokens, place)
        elif token.type == "inline" and tables.CELL in token.meta:
            yield from _in_cell(token)


def _head_and_rows(tokens: Sequence[Token], place: int) -> Iterator[Finding]:
    start, end = tokens[place].map or (0, 0)
    if end - start == 2:
        yield _finding(start, f"tabellen har ingen rader; skriv {_EXAMPLE}")
    # Behind the opening of the table, of its head and of the row.
    heads: list[str] = []
    for at in range(place + 3, len(tokens)):
        token = tokens[at]
        if token.type == "tr_close":
            break
        if token.type == "inline":
            heads.append(token.content)
    empty = [number for number, text in enumerate(heads, start=1) if not text]
    if len(empty) == len(heads):
        yield _finding(
            start, "tabellen har ingen overskrifter; skriv over hver kolonne hva som står i den"
        )
    elif wrong := [number for number in empty if number > 1]:
        yield _finding(
            start,
            f"kolonne {wrong[0]} i tabellen har ingen overskrift; skriv hva som står i den (bare "
            "ruten øverst til venstre kan være tom)",
        )


def _in_cell(cell: Token) -> Iterator[Finding]:
    line = (cell.map or [0])[0]
    for child in cell.children or ():
        if child.type == "image":
            yield _finding(
                line, "et bilde kan ikke stå i en tabell; sett det alene på en linje utenfor"
            )
        elif child.type == "html_inline":
            seen = excerpt(child.content)
            yield _finding(
                line,
                f"«{seen}» er HTML, som en tabell ikke kan ha; skriv en rad til i stedet for et "
                "linjeskift, ** for utheving, eller \\< for tegnet <",
            )
        elif child.type == "code_inline" and "\\" in child.content:
            yield _finding(
                line, "tegnet \\ kan ikke stå i kode (mellom `) i en tabell; skriv det uten `"
            )


def _no_table(lines: Sequence[str], block: Token) -> Iterator[Finding]:
    """A text that was meant as a table, and is none. Told of once."""
    first = (block.map or [0])[0]
    texts = _text(block).split("\n")
    for number, text in enumerate(texts, start=first):
        if _looks_like_the_end_of_a_head(text):
            yield _why(lines, number)
            return
    if len(texts) > 1 and all(map(_ROW.fullmatch, block.content.split("\n"))):
        yield _finding(
            first,
            "tabellen har ingen overskrifter; skriv dem i den øverste raden, og linjen "
            f"«|{'---|' * len(tables.cells(texts[0]) or ('',))}» under den",
        )


def _text(block: Token) -> str:
    """What readers see of it, without code."""
    marks = {"softbreak": "\n", "hardbreak": "\n", "code_inline": "`"}
    return "".join(
        child.content if child.type == "text" else marks.get(child.type, "")
        for child in block.children or ()
    )


def _looks_like_the_end_of_a_head(line: str) -> bool:
    return "|" in line and "-" in line and not set(line) - set("|:- \t")


def _why(lines: Sequence[str], dashes: int) -> Finding:
    """Why the lines around that of `dashes` are no table, and what to write."""
    start, end = dashes, dashes + 1
    while start and lines[start - 1].strip() and not lines[start - 1].lstrip().startswith("#"):
        start -= 1
    while end < len(lines) and lines[end].strip():
        end += 1
    head = dashes - 1
    if head < start:
        return _finding(dashes, f"tabellen mangler overskriftene; skriv {_EXAMPLE}")
    columns = tables.cells(lines[head])
    for at in (head, dashes):
        if tables.cells(lines[at]) is None:
            return _finding(
                at,
                "en tabell må stå for seg selv, ikke i en liste, et sitat eller en fotnote, og "
                f"hver rad må begynne og slutte med |; skriv {_EXAMPLE}",
            )
    if columns and len(columns) > tables.MOST_COLUMNS:
        words = f"tabellen har over {tables.MOST_COLUMNS} kolonner; del den i flere tabeller"
    elif head > start:
        words = "tabellen trenger en blank linje over seg"
    else:
        return _row_that_does_not_fit(lines, dashes, end)
    return _finding(head, words)


def _row_that_does_not_fit(lines: Sequence[str], dashes: int, end: int) -> Finding:
    """The first of the lines up to `end` that has not as many cells as the head."""
    columns = len(tables.cells(lines[dashes - 1]) or ())
    for at in range(dashes, end):
        row = tables.cells(lines[at])
        if row is None:
            return _finding(
                at,
                f"«{excerpt(lines[at])}» er ingen rad i tabellen over; begynn og slutt raden med "
                "|, eller sett en blank linje mellom tabellen og teksten",
            )
        if len(row) != columns:
            what = "linjen med streker" if at == dashes else "raden"
            count = "1 celle" if len(row) == 1 else f"{len(row)} celler"
            return _finding(
                at,
                f"{what} har {count}, men overskriften i tabellen har {columns}; "
                "skriv like mange i hver rad, og \\| for tegnet selv",
            )
    return _finding(dashes, f"tabellen kan ikke leses; skriv {_EXAMPLE}")


def _finding(line: int, words: str) -> Finding:
    return Finding(line + 1, words, refused=True)
