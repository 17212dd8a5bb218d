"""A table is on its page as it was written: every cell, in its row, under its heading."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared.markup.tables import MOST_COLUMNS, has_table
from tests.render.reading import Page, plain

DOSES = """\
## Dose

Tabell 1: Dose etter vekt

| Vekt | Morgen | Kveld |
|:-----|-------:|:-----:|
| 10 kg | 2*500 mg | – |
| 20 kg | **1 g**[^1] | [spør](https://example.org) |

[^1]: Ikke over 3 g.
"""


def html(body: str) -> str:
    return str(body_html(body, {}, labels("nb")))


class Cells(HTMLParser):
    """The texts of a page's tables, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self._inside = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def test_a_table_has_its_caption_and_says_what_heads_rows_and_columns() -> None:
    page = Page(html(DOSES))
    page.assert_harmless()
    assert Cells(html(DOSES)).rows == [
        ["Vekt", "Morgen", "Kveld"],
        ["10 kg", "2*500 mg", "–"],
        ["20 kg", "1 g1", "spør"],
    ]
    (caption,) = page.all("caption")
    (frame,) = [one for one in page.all("div") if one.get("class") == "table"]
    assert frame["aria-labelledby"] == caption["id"] == page.all("table")[0]["aria-labelledby"]
    assert frame["tabindex"] == "0", "what scrolls is reached by the keyboard"
    assert [head["scope"] for head in page.all("th")] == ["col", "col", "col", "row", "row"]
    assert [cell.get("class") for cell in page.all("td")] == ["right", "center"] * 2
    assert "Tabell 1: Dose etter vekt Vekt Morgen" in page.text
    assert page.text.count("Dose etter vekt") == 1


def test_a_table_without_a_caption_has_the_name_of_the_heading_above_it() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    page = Page(html(f"## Råd om dose\n\nTekst.\n\n{table}"))
    assert page.all("table")[0]["aria-labelledby"] == "rad-om-dose"
    assert Page(html(table)).all("table")[0]["aria-label"] == "Tabell"


def test_a_corner_of_nothing_is_no_heading() -> None:
    page = Page(html("| | Morgen |\n|---|---|\n| 10 kg | 5 mg |\n| | 6 mg |"))
    assert [head["scope"] for head in page.all("th")] == ["col"]
    assert len(page.all("td")) == 5


def test_captions_have_ids_of_their_own() -> None:
    one = "Tabell: A\n\n| a |\n|---|\n| 1 |\n\n"
    Page(html(f"## Tabelltekst\n\n{one * 3}")).assert_harmless()


CELL = st.text("abæ 5,1–()<>&\"'#-+:*_`.~=[]!\u00a0", max_size=12).map(plain)


def _written(text: str) -> str:
    """`text` so that no character of it is markup."""
    return re.sub(r"([\\`*_\[\]<>&!|~])", r"\\\1", text)


@given(
    st.integers(1, MOST_COLUMNS).flatmap(
        lambda columns: st.lists(
            st.lists(CELL | st.sampled_from(["2|3", "||", "\\", "a\\|b"]),
                     min_size=columns, max_size=columns),
            min_size=1, max_size=6,
        )
    )
)  # fmt: skip
def test_every_cell_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    lines = [f"| {' | '.join(map(_written, row))} |" for row in rows]
    body = "\n".join(["Før.", "", lines[0], "|" + "---|" * len(rows[0]), *lines[1:], "", "Etter."])
    assert [[plain(cell) for cell in row] for row in Cells(html(body)).rows] == rows
    assert has_table(body)
    page = Page(html(body)).text
    assert page.startswith("Før.")
    assert page.endswith("Etter.")


@pytest.mark.parametrize(
    "body",
    [
        "| a | b |\n|---|---|\n| 1 |",
        "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
        "| a | b |\n|---|---|\n| 1 | 2 |\nTekst",
        "| a | b |\n|---|\n| 1 | 2 |",
        "| a | b |\n| 1 | 2 |",
        "Tekst\n| a | b |\n|---|---|\n| 1 | 2 |",
        "a | b\n---|---\n1 | 2",
        "| a | b \\|\n|---|---|\n| 1 | 2 |",
        "> | a | b |\n> |---|---|\n> | 1 | 2 |",
        "- | a | b |\n  |---|---|\n  | 1 | 2 |",
        "|" + "a|" * 13 + "\n|" + "-|" * 13 + "\n|" + "1|" * 13,
    ],
)
def test_where_a_row_does_not_fit_nothing_is_a_table_and_nothing_is_lost(body: str) -> None:
    page = Page(html(body))
    assert page.all("table") == []
    seen = re.sub(r"(?m)^(?:> |- | {2})", "", body)
    assert page.text == plain(seen.replace("\\|", "|"))
