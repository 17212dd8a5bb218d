"""A plain sheet is read by another way, which gives just what the parser gives."""

import io
import zipfile
from collections.abc import Callable, Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notify.register.reading import xml_parts
from services.notify.register.reading.plain_sheet import LONGEST_ROW_BYTES, plain_cells_of
from services.notify.register.reading.sheet_cells import (
    NumberedCells,
    cells_of,
    column_of,
    name_of,
)
from services.notify.register.reading.texts import Texts, parsed_texts, texts_of
from services.notify.register.reading.xml_parts import DamagedBook, rows_in
from tests.examples import examples

PART = "sheet.xml"
TEXTS = ("kari@example.org", "Kari", "", " ", "_x0041_", "Ås")


def packed(sheet: bytes) -> zipfile.ZipFile:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(PART, sheet)
    return zipfile.ZipFile(into)


def texts() -> Texts:
    table = Texts()
    for text in TEXTS:
        table.add(text)
    return table


def shown_of(rows: Iterable[NumberedCells]) -> list[NumberedCells]:
    """Rows without what cannot be seen: space around a cell, and empty cells to the right."""
    found = []
    for line, cells in rows:
        seen = [cell.strip() for cell in cells]
        while seen and not seen[-1]:
            seen.pop()
        if seen:
            found.append((line, seen))
    return found


def cell(name: str, rest: str) -> str:
    return f'<c r="{name}"{rest}'


INSIDE = st.one_of(
    st.integers(0, 6).map(lambda n: f' t="s"><v>{n}</v></c>'),
    st.integers(0, 6).map(lambda n: f' s="3" t="s"><v>{n}</v></c>'),
    st.sampled_from(
        (
            '/>', ' s="1"/>', '><v></v></c>', '><v>17</v></c>', '><v>1.50</v></c>',
            ' t="b"><v>1</v></c>', ' t="e"><v>#REF!</v></c>', ' t="str"><v>Åse</v></c>',
            ' t="str"><f>A1&amp;B1</f><v>Åse</v></c>', ' t="str"><v>a&lt;b</v></c>',
            ' t="inlineStr"><is><t>Ola</t></is></c>', ' t="s" s="1"><v>1</v></c>',
            ' t="inlineStr"><is><t>Li</t><rPh><t>lyd</t></rPh></is></c>', '><f>A1</f></c>',
        )
    ),
)  # fmt: skip


@st.composite
def sheets(draw: Callable[..., object]) -> bytes:
    """A sheet with rows that programs write, and some that they seldom do."""
    rows = []
    line = 0
    for _ in range(draw(st.integers(0, 6))):  # type: ignore[call-overload]
        line += draw(st.integers(1, 3))  # type: ignore[operator]
        columns = sorted(draw(st.sets(st.integers(1, 30), max_size=5)))  # type: ignore[call-overload]
        inside = "".join(cell(f"{name_of(column)}{line}", str(draw(INSIDE))) for column in columns)
        says = draw(st.sampled_from(("", f' r="{line}"', f' r="{line}" spans="1:7"')))
        end = draw(st.sampled_from(("</row>", "</row >", "</row>\n")))
        rows.append(f"<row{says}>{inside}{end}" if inside else f"<row{says}/>")
    top = '<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>'
    return f"{top}{''.join(rows)}</sheetData><rowBreaks count='0'/></worksheet>".encode()


@settings(max_examples=examples(200))
@given(sheets(), st.sets(st.integers(1, 30), min_size=1, max_size=4))
def test_a_plain_sheet_has_the_rows_that_the_parser_finds(sheet: bytes, only: set[int]) -> None:
    file = packed(sheet)
    assert rows_in(file, PART)[1]
    found = shown_of(plain_cells_of(file, PART, texts(), only))
    assert found == shown_of(cells_of(file, PART, texts(), only))


@pytest.mark.parametrize(
    "inside",
    [
        '<!-- <row r="1"><c r="A1"><v>1</v></c></row> -->',
        '<row r="1"><c r="A1" t="str"><v><![CDATA[<c>]]></v></c></row>',
        '<x:row xmlns:x="y" r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
        '<row a="/>" r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a>b</v></c></row>',
        '<?x <row/> ?><row r="1"><c r="A1"><v>1</v></c></row>',
    ],
)
def test_a_sheet_with_anything_odd_is_the_parser_s(inside: str) -> None:
    file = packed(f"<worksheet><sheetData>{inside}</sheetData></worksheet>".encode())
    assert not rows_in(file, PART)[1]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_sheet_in_another_encoding_is_the_parser_s(encoding: str) -> None:
    sheet = f"<?xml version='1.0' encoding='{encoding}'?><worksheet><row r='1'/></worksheet>"
    assert not rows_in(packed(sheet.encode(encoding)), PART)[1]


def test_rows_go_over_the_borders_of_pieces() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, 5000)
    )
    file = packed(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())
    found = [*plain_cells_of(file, PART, texts(), {1, 2})]
    assert found == [(n, ["kari@example.org", str(n)]) for n in range(1, 5000)]


def test_a_row_without_end_is_refused() -> None:
    inside = '<c r="A1"><v>1</v></c>' * (LONGEST_ROW_BYTES // 20)
    sheet = f'<worksheet><sheetData><row r="1">{inside}</row></sheetData></worksheet>'
    with pytest.raises(DamagedBook):
        [*plain_cells_of(packed(sheet.encode()), PART, texts(), {1})]


@given(st.integers(1, 16_384))
def test_a_column_has_the_name_that_it_is_found_by(column: int) -> None:
    assert column_of(name_of(column)) == column


_ONE_TEXT = st.one_of(
    st.sampled_from(
        (
            "<si><t>Kari</t></si>", "<si><t>Åse Eksempel</t></si>", "<si><t></t></si>",
            '<si><t xml:space="preserve"> Kari </t></si>', "<si><t>a]]&gt;b</t></si>",
            "<si><t>&lt;si>&amp;</t></si>", "<si><t>to\nlinjer</t></si>", "<si><t>A\rB</t></si>",
            "<si><t/></si>", "<si/>", "<si ><t >x</t></si>", "<si><t>x</t ></si >",
            "<si>\n<t>x</t></si>",
            "<si><r><t>Ka</t></r><r><t>ri</t></r></si>", "<si><t>K</t><rPh><t>k</t></rPh></si>",
            "<!--<si><t>n</t></si>-->", "<?a <si><t>n</t></si>?>",
            "<si><t><![CDATA[</t></si>]]></t></si>",
            "<x:si><x:t>Kari</x:t></x:si>", "<si><t>&#75;</t></si>",
            f"<si><t>{'x' * 40_000}</t></si>",
            "<size><t>x</t></size>",
        )
    ),
    st.text("abæø .,'\"/>=", max_size=20).map(lambda said: f"<si><t>{said}</t></si>"),
)  # fmt: skip


@settings(max_examples=examples(300))
@example(["<si><t>Kari</t></si>", "<x:si><x:t>Kari</x:t></x:si>"], "", 1)
@example(["<x:si><x:t>Kari</x:t></x:si>", "<si><t>Kari</t></si>"], "", 64 * 1024)
@example(["<si><t>Kari</t></si>", "<x:t>Kari</x:t>"], "", 64 * 1024)
@given(
    st.lists(_ONE_TEXT, max_size=12),
    st.sampled_from(("", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n')),
    st.sampled_from((1, 7, 64 * 1024)),
)
def test_a_plain_table_of_texts_is_found_as_the_parser_finds_it(
    some: list[str], begins: str, piece: int
) -> None:
    sst = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="urn:x">'
    book = packed(f"{begins}{sst}{''.join(some)}</sst>".encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_parts, "PIECE_BYTES", piece)
        by_parser, found = parsed_texts(book, PART), texts_of(book, PART)
    places = [str(place) for place in range(len(some) + 3)]
    assert [found.get(place) for place in places] == [by_parser.get(place) for place in places]


@pytest.mark.parametrize("broken", ["<sst><si><t>a</t></si>", "<sst><si><t>a</si></sst>", "x", ""])
def test_a_damaged_table_of_texts_is_damaged_however_plain(broken: str) -> None:
    with pytest.raises(DamagedBook):
        texts_of(packed(broken.encode()), PART)
