"""Pure: a list of members as CSV, the way spreadsheets and membership systems write it.

Only a list whose columns nobody can find is refused; whatever is wrong further down refuses its own
line.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from services.notify.register.reading import columns
from services.notify.register.reading.columns import MOST_ABOVE, ListHead, plain
from services.notify.register.reading.csv_cells import MOST_LINES, Record, cells_of, records
from services.notify.register.reading.list_text import ListLine, NotAMemberList

_DELIMITERS = ";\t,|"
"""In the order in which they are preferred if a first line can be read by several."""
_DELIMITER_OF_EXCEL = re.compile(r'"?sep=([,;\t|])"?[,;\t|\s]*', re.IGNORECASE)
_NAME_OF_DELIMITER = {";": "«;»", "\t": "tabulator", ",": "«,»", "|": "«|»"}


def opened(lines: Iterable[ListLine], encoding: str = "utf-8") -> tuple[ListHead, Iterator[Record]]:
    """How a list is understood, and the records under the names of its columns.

    Above the names may stand Excel's `sep=;`, empty lines, and a title of a few lines.
    NotAMemberList if a column lacks.
    """
    rest = iter(lines)
    first = _first(rest)
    delimiters = _DELIMITERS
    if first and (given := _DELIMITER_OF_EXCEL.fullmatch(first.text)):
        delimiters, first = given[1], _first(rest)
    if not first:
        if delimiters != _DELIMITERS:
            columns.require(())
        raise columns.empty()
    above = [first, *islice(rest, MOST_ABOVE + MOST_LINES)]
    head, delimiter, used = _head(above, delimiters)
    kind = f"CSV, {_NAME_OF_DELIMITER[delimiter]} mellom kolonnene, {encoding}"

    def names_somebody(cells: list[str]) -> bool:
        return "@" in dict(zip(head.columns, cells, strict=False)).get("email", "")

    below = chain(above[used:], rest)
    head = ListHead(kind, head.line, head.names, head.columns)
    return head, records(below, delimiter, names_somebody)


def _first(lines: Iterator[ListLine]) -> ListLine | None:
    """The first line on which anything stands."""
    return next((line for line in lines if line.fault or plain(line.text)), None)


def _head(above: list[ListLine], delimiters: str) -> tuple[ListHead, str, int]:
    """Where the names of the columns stand, what is between columns, and how many of these lines
    that and the title above are."""
    titles = 0
    for place, line in enumerate(above):
        if not line.fault and not plain(line.text):
            continue
        text, used = _joined(above, place)
        names, delimiter = _names(text, delimiters)
        meaning = columns.meaning_of(names)
        if columns.are_names(meaning):
            columns.require(meaning)
            return ListHead("", line.number, tuple(names), meaning), delimiter, used
        titles += 1
        if titles > MOST_ABOVE:
            break
    top = above[0]
    if top.fault:
        raise NotAMemberList(f"linje {top.number} skal være kolonnenavnene, men {top.fault}")
    columns.require(columns.meaning_of(_names(_joined(above, 0)[0], delimiters)[0]))
    raise AssertionError("a first line that names all columns was found above")


def _joined(above: list[ListLine], place: int) -> tuple[str, int]:
    """A line with those that a quoted cell of it goes on over, and how many lines end with it."""
    text, used = above[place].text, place + 1
    while text.count('"') % 2 and used < min(len(above), place + 1 + MOST_LINES):
        text += above[used].text
        used += 1
    if text.count('"') % 2:  # no cell, but a quote in a title
        return above[place].text.rstrip("\r\n"), place + 1
    return text.rstrip("\r\n"), used


def _names(text: str, delimiters: str) -> tuple[list[str], str]:
    """The cells of a line and what stands between them: what makes the most columns of it."""
    tried = [(cells_of(text, delimiter) or [], delimiter) for delimiter in delimiters]
    return max(tried, key=lambda one: len(set(columns.meaning_of(one[0])) - {""}))
