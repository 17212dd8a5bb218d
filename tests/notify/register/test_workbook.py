"""Member lists in Excel's format, as registers write them and as nobody should."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.register.reading import read_list, workbook
from services.notify.register.reading.list_text import NotAMemberList
from services.notify.register.reading.read_list import Batch, begun
from services.notify.register.reading.rows import LOOKS_LIKE_FORMULA, Refused, Row
from services.notify.register.reading.texts import Texts
from tests.examples import examples
from tests.notify.register.workbooks import (
    KLUBBADMIN,
    SHEET,
    STYREWEB,
    bomb,
    far_apart,
    lying_bomb,
    with_part,
    with_sheet,
    write_long,
)
from tests.notify.register.workbooks import (
    workbook as made,
)

KARI = Row(2, "kari@example.org", "Kari Li", None)


async def read(raw: bytes) -> list[Row | Refused]:
    _, batches = await begun(io.BytesIO(raw))
    return [row async for batch in batches for row in batch.rows]


async def test_a_list_of_klubbadmin_has_the_name_in_two_columns_and_no_language() -> None:
    book = made(
        [
            KLUBBADMIN,
            ["Kari", "Li", date(1980, 2, 1), "Kvinne", "kari@example.org", 150, "+47 90000000"],
            ["Ola", None, None, None, "ola@example.org", "0150", 90000000],
        ]
    )
    assert await read(book) == [KARI, Row(3, "ola@example.org", "Ola", None)]


async def test_a_list_of_styreweb_is_below_its_title_among_other_sheets() -> None:
    book = made(
        {
            "Forside": [["Medlemsregister"], ["Skrevet ut", date(2026, 11, 28)]],
            "Medlemmer": [
                ["Medlemmer per 28.11.2026"],
                [],
                STYREWEB,
                [17, "Kari Li", "Gata 1", 1980, 90000000, "kari@example.org", None, "Hoved"],
                [],
                [18, "Ola Ås", "Gata 2", 1980.0, "90 00 00 01", "ola@example.org", None, "Støtte"],
            ],
        }
    )
    assert await read(book) == [
        Row(4, "kari@example.org", "Kari Li", None),
        Row(6, "ola@example.org", "Ola Ås", None),
    ]


async def test_how_a_workbook_was_understood_names_sheet_row_and_columns() -> None:
    head, _ = await begun(io.BytesIO(made({"Medlemmer": [["Liste"], ["Mobil", "E-post", "Navn"]]})))
    assert head.kind == "Excel, arket «Medlemmer»"
    assert head.line == 2
    assert head.names == ("Mobil", "E-post", "Navn")
    assert head.columns == ("", "email", "name")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (12345, "nøyaktig én @"),
        (date(2026, 1, 1), "nøyaktig én @"),
        (True, "nøyaktig én @"),
        (1.5, "nøyaktig én @"),
        (None, "e-postadressen mangler"),
        ("kari@example", "domenet"),
    ],
)
async def test_a_cell_that_is_no_address_refuses_its_row_alone(cell: object, reason: str) -> None:
    book = made([["E-post", "Navn"], [cell, "Kari"], ["ola@example.org", "Ola"]])
    refused, ola = await read(book)
    assert isinstance(refused, Refused)
    assert (refused.line, reason in refused.reason) == (2, True)
    assert ola == Row(3, "ola@example.org", "Ola", None)


async def test_a_number_is_a_name_as_excel_shows_it() -> None:
    book = made([["E-post", "Navn"], ["m1@example.org", 17.0], ["m2@example.org", 1.5]])
    assert [row.name for row in await read(book) if isinstance(row, Row)] == ["17", "1.5"]


async def test_of_a_formula_what_excel_last_showed_counts() -> None:
    book = with_sheet(
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>E-post</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>Navn</t></is></c></row>',
        b'<row r="2"><c r="A2" t="str"><f>LOWER(C2)</f><v>kari@example.org</v></c>'
        b'<c r="B2" t="str"><f>C2&amp;D2</f><v>Kari Li</v></c></row>',
        b'<row r="3"><c r="A3"><f>LOWER(C3)</f></c><c r="B3" t="str"><v>Ola</v></c></row>',
        b'<row r="4"><c r="A4" t="e"><f>C4</f><v>#REF!</v></c>'
        b'<c r="B4" t="str"><v>Per</v></c></row>',
    )
    found = await read(book)
    assert found[0] == KARI
    assert [(one.line, isinstance(one, Refused)) for one in found[1:]] == [(3, True), (4, True)]


async def test_cells_to_the_right_of_the_columns_tear_no_row() -> None:
    book = made([["E-post", "Navn"], ["kari@example.org", "Kari Li", None, "ring henne"]])
    assert await read(book) == [KARI]


NAMES = st.lists(
    st.text("abcæøåÆÉ '-.", max_size=12)
    .map(lambda name: " ".join(name.split()))
    .filter(lambda name: not LOOKS_LIKE_FORMULA.match(name)),
    max_size=8,
)


@settings(max_examples=examples(40))
@given(NAMES, st.integers(0, 19), st.integers(0, 3), st.booleans())
async def test_a_workbook_says_the_same_as_the_list_it_was_made_of(
    names: list[str], above: int, left: int, parts: bool
) -> None:
    header = ["E-post", "Fornavn", "Språk"] if parts else ["E-post", "Navn", "Språk"]
    rows = [[f"m{nth}@example.org", name, "nn"] for nth, name in enumerate(names)]
    pad = [None] * left
    titles = [["Liste"]] * above
    book = made([*titles, *[[*pad, *row] for row in (header, *rows)]])
    assert await read(book) == [
        Row(above + 2 + nth, f"m{nth}@example.org", name, "nn") for nth, name in enumerate(names)
    ]


@settings(max_examples=examples(60))
@given(st.lists(st.lists(st.one_of(
    st.none(), st.text(max_size=6), st.integers(-5, 5), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False), st.dates(date(1950, 1, 1)),
), max_size=4), max_size=5))  # fmt: skip
async def test_whatever_stands_in_cells_each_row_is_taken_or_refused_or_empty(
    rows: list[list[object]],
) -> None:
    book = made([["E-post", "Navn", "Språk"], *rows])
    found = await read(book)
    assert [one.line for one in found] == sorted({one.line for one in found})
    assert {one.line for one in found} <= {*range(2, len(rows) + 2)}


LISTS = [["E-post", "Navn"], ["kari@example.org", "Kari Li"]]
NOT_LISTS = {
    "nothing in it": (made([]), "filen er tom"),
    "no column for the address": (made([["Navn", "Mobil"]]), "kolonnen email mangler"),
    "a column twice": (made([["E-post", "Navn", "Epost"]]), "kolonnen email står to ganger"),
    "two lists": (
        made({"Nå": LISTS, "Før": LISTS}),
        "det er medlemslister i flere ark: «Nå» og «Før»",
    ),
    "a list that is hidden": (made({"A": [["x"]], "B": LISTS}, hidden=["B"]), "kolonnene email"),
    "half a workbook": (made(LISTS)[:2000], "filen er skadet"),
    "no workbook": (with_part(made(LISTS), "xl/workbook.xml", None), "filen er skadet"),
    "a sheet that is no XML": (
        with_part(made(LISTS), SHEET, [b"<<<>"]),
        "filen er skadet",
    ),
    "OpenDocument": (with_part(made([]), "content.xml", [b"<x/>"]), "filen er et OpenDocument"),
    "Word": (with_part(made([]), "word/document.xml", [b"<x/>"]), "filen er et Word-dokument"),
    "a binary workbook": (with_part(made([]), "xl/workbook.bin", [b"x"]), "filen er et binært"),
    "a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le"),
        "regnearket er beskyttet med passord",
    ),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "filen er et gammelt"),
}


@pytest.mark.parametrize(("raw", "reason"), NOT_LISTS.values(), ids=NOT_LISTS)
async def test_what_is_no_list_is_told_with_the_way_out(raw: bytes, reason: str) -> None:
    with pytest.raises(NotAMemberList) as raised:
        await read(raw)
    assert str(raised.value).startswith(reason)
    assert any(word in str(raised.value) for word in ("lagre", "kopier", "kolonnenavnene må"))


async def test_a_hidden_sheet_is_no_second_list() -> None:
    said, found = "", []
    try:
        found = await read(made({"Nå": LISTS, "Før": LISTS}, hidden=["Før"]))
    except NotAMemberList as error:
        said = str(error)
    assert (said, found) == ("", [KARI])


@given(st.binary(max_size=400))
def test_any_bytes_that_begin_as_a_workbook_give_a_clear_error(raw: bytes) -> None:
    with pytest.raises(NotAMemberList):
        workbook.opened(io.BytesIO(workbook.ZIP + raw))


@settings(max_examples=examples(60))
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=20))
def test_a_workbook_with_some_bytes_changed_is_read_or_refused(at: int, raw: bytes) -> None:
    book = bytearray(made(LISTS))
    at %= len(book)
    book[at : at + len(raw)] = raw
    try:
        sheet = workbook.opened(io.BytesIO(bytes(book)))
        assert all(record.line > 0 for record in sheet.records)
    except NotAMemberList:
        pass


BEGIN = """
import asyncio, pathlib, resource, sys
from services.notify.register.reading.list_text import NotAMemberList
from services.notify.register.reading.read_list import begun
try:
    asyncio.run(begun(pathlib.Path(sys.argv[1])))
    print("taken")
except NotAMemberList as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Begins to read a list; says why not, and the memory of the child that read it (KiB)."""


@pytest.mark.parametrize("hostile", [bomb, lying_bomb])
def test_a_workbook_that_would_fill_the_memory_is_refused(
    hostile: Callable[[int], bytes], tmp_path: Path
) -> None:
    raw = hostile(1024)
    file = tmp_path / "liste.xlsx"
    file.write_bytes(raw)
    assert len(raw) < 2**21
    # In a process of its own, which has no other children whose memory would count.
    done = subprocess.run(
        [sys.executable, "-c", BEGIN, str(file)], capture_output=True, text=True, check=True
    )
    said, largest_kib = done.stdout.strip().rsplit("\n", 1)
    assert re.search(r"for stort|skadet", said)
    assert int(largest_kib) // 1024 < read_list.CHILD_MEMORY_MIB + 200


async def test_a_row_that_ends_before_the_address_has_none() -> None:
    [refused] = await read(made([["Navn", "Mobil", "E-post"], ["Kari Li"]]))
    assert isinstance(refused, Refused)
    assert "e-postadressen mangler" in refused.reason


async def test_nothing_lies_between_cells_in_two_corners(tmp_path: Path) -> None:
    file = tmp_path / "liste.xlsx"
    file.write_bytes(far_apart())
    _, batches = await begun(file)
    assert [row async for batch in batches for row in batch.rows] == []


async def test_a_list_that_is_ten_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    """Of the process that reads it; its table of texts is kept packed."""
    few, many = [_peak_mib(tmp_path, rows) for rows in (10_000, 100_000)]
    assert many / few <= 1.2, (few, many)


def _peak_mib(folder: Path, rows: int) -> float:
    file = folder / f"{rows}.xlsx"
    write_long(file, rows)
    read_it = (
        "import sys, pathlib, services.notify.register.reading.read_list as it\n"
        "parts = it.read(pathlib.Path(sys.argv[1])); next(parts)\n"
        "print(sum(len(part.rows) for part in parts))\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(status.partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", read_it, str(file)], capture_output=True, text=True, check=True
    )
    found, peak_kib = map(int, done.stdout.split())
    assert found == rows
    return peak_kib / 1024


DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">'
    b'<!ENTITY c "' + b"&b;" * 1000 + b'">]><worksheet><sheetData><row><c t="str"><v>'
)


def test_an_entity_that_grows_is_refused() -> None:
    book = with_part(made(LISTS), SHEET, [DOCTYPE, b"&c;</v></c></row></sheetData></worksheet>"])
    with pytest.raises(NotAMemberList, match="skadet"):
        workbook.opened(io.BytesIO(book))


def test_what_breaks_off_far_down_is_refused_before_any_row_is_taken() -> None:
    rows = [b'<row><c t="str"><v>E-post</v></c><c t="str"><v>Navn</v></c></row>']
    rows += [b'<row><c t="str"><v>kari@example.org</v></c></row>'] * 5000
    book = with_part(made(LISTS), SHEET, [b"<worksheet><sheetData>", *rows])
    with pytest.raises(NotAMemberList, match="skadet"):
        workbook.opened(io.BytesIO(book))


async def test_a_cell_that_points_to_no_text_is_empty_and_one_without_a_place_is_the_next() -> None:
    book = with_sheet(
        b'<row><c t="str"><v>E-post</v></c><c t="inlineStr"><is><r><t>Na</t></r><r><t>vn</t></r>'
        b"<rPh><t>x</t></rPh></is></c></row>",
        b'<row><c t="s"><v>99</v></c><c t="str"><v>Ola</v></c></row>',
        b'<row r="7"><c t="str"><v>kari@example.org</v></c><c t="str"><v>Kari Li</v></c></row>',
    )
    refused, kari = await read(book)
    assert (refused.line, isinstance(refused, Refused)) == (2, True)
    assert kari == Row(7, "kari@example.org", "Kari Li", None)


async def test_prefixed_names_and_another_place_for_the_sheet_are_a_workbook_too() -> None:
    rows = b'<x:row><x:c t="str"><x:v>E-post</x:v></x:c><x:c t="str"><x:v>Navn</x:v></x:c></x:row>'
    rows += rows.replace(b"E-post", b"kari@example.org").replace(b"Navn", b"Kari Li")
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<x:worksheet xmlns:x="' + space + b'"><x:sheetData>' + rows
    assert await read(with_part(made(LISTS), SHEET, [sheet, b"</x:sheetData></x:worksheet>"])) == [
        KARI
    ]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)))
def test_the_table_of_texts_gives_back_what_was_put_in(texts: list[str]) -> None:
    table = Texts()
    many = texts * 40
    for text in many:
        table.add(text)
    order = [*range(len(many))]
    for place in (*order, *reversed(order)):
        assert table.get(str(place)) == many[place]
    assert [table.get(said) for said in (str(len(many)), "-1", "", "x", "9" * 30)] == [""] * 5


@pytest.mark.parametrize("what", ["MOST_BYTES", "MOST_UNPACKED_BYTES", "MOST_PARTS"])
def test_what_is_said_to_be_too_large_is_not_unpacked(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, what, 5)
    with pytest.raises(NotAMemberList, match="for stort"):
        workbook.opened(io.BytesIO(made(LISTS)))


async def test_a_long_list_comes_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "liste.xlsx"
    file.write_bytes(made([["E-post", "Navn"], *[[f"m{n}@example.org", "M"] for n in range(1200)]]))
    _, batches = await begun(file)
    found: list[Batch] = [batch async for batch in batches]
    assert [len(batch.rows) for batch in found] == [500, 500, 200]
    assert [batch.done for batch in found] == sorted(batch.done for batch in found)
    assert found[-1].total == 1201
