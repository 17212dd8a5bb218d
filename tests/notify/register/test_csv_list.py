import csv
import io
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.register.reading.columns import ALIASES, LANGS
from services.notify.register.reading.csv_cells import Record, records
from services.notify.register.reading.csv_list import opened
from services.notify.register.reading.list_text import (
    HEAD_BYTES,
    ListLine,
    NotAMemberList,
    encoding_of,
    errors_of,
    lines,
)
from services.notify.register.reading.rows import LOOKS_LIKE_FORMULA, Refused, Row, rows

HEADER = ("email", "name", "lang")
NAMES = (
    st.text("abcæøåÆÉ '-.", max_size=12)
    .map(str.strip)
    .filter(lambda name: not LOOKS_LIKE_FORMULA.match(name))
)
DELIMITERS = st.sampled_from(";\t,|")
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
SAYS_WHAT_TO_DO = ("skriv", "sett", "fjern", "fyll", "del", "lagre", "rett", "kort", "skal se")


def read(raw: bytes) -> list[Row | Refused]:
    encoding = encoding_of(raw[:HEAD_BYTES])
    text = io.TextIOWrapper(io.BytesIO(raw), encoding, errors_of(encoding), newline="")
    return _members(lines(text))


def _members(text: Iterator[ListLine]) -> list[Row | Refused]:
    head, records = opened(text)
    return [*rows(records, head)]


def _as_lines(text: str) -> Iterator[ListLine]:
    return lines(io.StringIO(text, newline=""))


def _cells(text: str, delimiter: str) -> list[Record]:
    return [*records(_as_lines(text), delimiter, lambda _: False)]


@given(
    st.lists(st.lists(st.text("ab\"' ;,\t|\n\r\\æ", max_size=8), min_size=2, max_size=4)),
    DELIMITERS,
    ENDS,
)
def test_whatever_python_writes_as_csv_is_read_back_cell_by_cell(
    rows: list[list[str]], delimiter: str, end: str
) -> None:
    for row in rows:
        into = io.StringIO(newline="")
        csv.writer(into, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(
            row
        )
        assert _cells(into.getvalue(), delimiter) == [Record(1, row)]


@given(
    st.lists(NAMES, max_size=8),
    DELIMITERS,
    ENDS,
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
)
def test_a_list_says_the_same_in_every_encoding_and_dialect(
    names: list[str], delimiter: str, end: str, quoted: bool, encoding: str
) -> None:
    into = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(into, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER)
    writer.writerows((f"m{nth}@example.org", name, "nb") for nth, name in enumerate(names))
    found = read(into.getvalue().encode(encoding))
    assert found == [
        Row(nth + 2, f"m{nth}@example.org", name, "nb") for nth, name in enumerate(names)
    ]


ODD_LINES = st.text(st.one_of(st.sampled_from("\",;\t 'x@=\\\u200b\u00a0<>"), st.characters())).map(
    lambda text: "".join(text.splitlines())
)


@pytest.mark.parametrize("quoted", [False, True])
@given(odd=st.lists(ODD_LINES, min_size=1, max_size=4))
@example(odd=['x,"'])
@example(odd=['"'])
@example(odd=['x,"a', '"'])
@example(odd=['x@example.org,"Ola,nb', 'y@example.org,"Per,nb'])
def test_no_line_however_odd_takes_a_good_one_with_it(quoted: bool, odd: list[str]) -> None:
    text, good = "email,name,lang\n", []
    for nth, line in enumerate(odd):
        text += f"{line}\n"
        good.append(f"m{nth}@example.org")
        text += f'"m{nth}@example.org","M","nb"\n' if quoted else f"m{nth}@example.org,M,nb\n"
    found = read(text.encode("utf-8", "surrogatepass"))
    rows = {row.email: row.line for row in found if isinstance(row, Row)}
    assert {email: line for email, line in rows.items() if email in good} == {
        email: 3 + 2 * nth for nth, email in enumerate(good)
    }


@given(st.binary())
def test_any_bytes_give_members_and_refusals_in_order_or_a_clear_error(raw: bytes) -> None:
    try:
        found = read(b"email,name,lang\n" + raw)
    except NotAMemberList as error:
        assert any(word in str(error) for word in SAYS_WHAT_TO_DO)
        return
    numbers = [one.line for one in found]
    assert numbers == sorted(set(numbers))
    for one in found:
        if isinstance(one, Refused):
            assert any(word in one.reason for word in SAYS_WHAT_TO_DO)


@given(st.text(st.one_of(st.sampled_from('",;\r\n\t'), st.characters())))
def test_any_text_gives_rows_refusals_or_a_clear_error(text: str) -> None:
    try:
        found = _members(_as_lines("email,name,lang\n" + text))
    except NotAMemberList:
        return
    assert all(isinstance(one, Row | Refused) for one in found)


@given(st.integers(0, 4), st.integers(0, 4), DELIMITERS)
def test_empty_cells_at_the_end_are_as_none(more: int, fewer: int, delimiter: str) -> None:
    columns = ["email", "lang", "name", "a", "b"]
    cells = ["kari@example.org", "nb", *[""] * (3 - min(fewer, 3)), *[""] * more]
    text = f"{delimiter.join(columns)}\n{delimiter.join(cells)}\n"
    assert read(text.encode()) == [Row(2, "kari@example.org", "", "nb")]


@given(st.sampled_from(sorted(ALIASES)), st.sampled_from(sorted(LANGS)), st.data())
def test_names_of_columns_and_languages_are_known_however_they_are_spelled(
    column: str, lang: str, data: st.DataObject
) -> None:
    def spelled(word: str) -> str:
        marks = st.sampled_from(["", "-", " ", "_", ".", "\u00a0", "\u200b"])
        return "".join(
            data.draw(marks) + data.draw(st.sampled_from([char, char.upper()])) for char in word
        )

    others = {"email": "email", "name": "name", "lang": "lang"}
    part = ALIASES[column]
    others["name" if part in ("first", "middle", "last") else part] = spelled(column)
    text = ";".join(others.values()) + f"\nkari@example.org;Kari;{spelled(lang)}\n"
    assert read(text.encode()) == [Row(2, "kari@example.org", "Kari", LANGS[lang])]
