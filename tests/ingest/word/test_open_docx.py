"""A Word document becomes clean Markdown, and what is none is refused with the way out."""

import io
import zipfile

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.ingest.problems import Problem
from services.ingest.reading.body import read
from services.ingest.word.open_docx import open_docx, read_docx
from services.ingest.word.writing import paragraph as written
from shared.child.children import Children
from tests.ingest.reading.examples import PIECES
from tests.ingest.reading.seen import page_text
from tests.ingest.word.documents import docx, link, note, paragraph, table, text


def test_headings_lists_links_tables_and_footnotes_are_kept_and_nothing_else() -> None:
    found = read_docx(
        docx(
            paragraph(text("Nytt råd"), style="Title"),
            paragraph(
                text("Ta "), text("2*500 mg", bold=True), text(" morgen og 2*500 mg kveld."), note()
            ),
            paragraph(text("Slik gjør du"), style="Heading2"),
            paragraph(text("Ring"), level=0),
            paragraph(text("legen"), level=1),
            paragraph(text("Les "), link("rådet"), level=0),
            paragraph(text("Først"), level=0, numbers=True),
            paragraph(text("Så"), level=0, numbers=True),
            table(("Dose", "Når"), ("5 mg", "morgen | kveld")),
        )
    )
    assert found.notes == ()
    assert found.markdown == (
        "## Nytt råd\n\nTa 2*500 mg morgen og 2*500 mg kveld.[^1]\n\n## Slik gjør du\n\n"
        "- Ring\n  - legen\n- Les [rådet](https://example.org/råd)\n\n1. Først\n2. Så\n\n"
        "| Dose | Når |\n| --- | --- |\n| 5 mg | morgen \\| kveld |\n\n[^1]: Kilden, 2026."
    )
    body = read(found.markdown)
    assert (body.errors, body.findings) == ((), ())


@pytest.mark.parametrize(
    "words",
    [
        "- 5 grader",
        "1. mars kom brevet",
        "# 5 i køen",
        "**Obs**",
        "[NB] les",
        "<b>",
        "a\\*b",
        "|a|",
    ],
)
def test_what_stood_in_the_document_is_what_readers_see(words: str) -> None:
    made = read_docx(docx(paragraph(text(words)))).markdown
    assert " ".join(page_text(made).split()) == words


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join))
def test_any_text_reads_as_it_stood(words: str) -> None:
    line = " ".join(words.split())
    # No sign keeps Word's own bullets from being that.
    assume(line and line[0] not in "•–·o")
    assert " ".join(page_text(written([(line, "")])).split()) == line


def test_pictures_are_left_out_and_told_of() -> None:
    drawing = (
        '<w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><wp:inline>'
        '<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rId9"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    found = read_docx(docx(paragraph(text("Se"), drawing)))
    assert found.markdown == "Se"
    assert found.notes == ("Bildet i dokumentet er ikke med. Legg inn bilder med knappen «Bilde».",)


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("word/document.xml", b" " * 60_000_000)
    return data.getvalue()


_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><l>&i;</l>"
)


_NO_DOCUMENTS = {
    "empty": (b"", "slutter på .docx"),
    "text": (b"Hei", "slutter på .docx"),
    "PDF": (b"%PDF-1.7 ...", "lim den inn"),
    "old Word": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "uten passord"),
    "too large": (b"x" * (10 * 1024 * 1024 + 1), "over 10 MB"),
    "a bomb": (_bomb(), "for stort"),
    "cut off": (docx()[:-200], ".docx"),
    "no XML": (docx(more={"word/document.xml": b"<a>"}), "lagre den som .docx"),
    "entities that grow": (
        docx(more={"word/document.xml": _LAUGHS.encode()}),
        "lagre den som .docx",
    ),
}


# Named: a zip has the time in it, and workers that differ in a test's name run nothing at all.
@pytest.mark.parametrize(("raw", "way_out"), _NO_DOCUMENTS.values(), ids=_NO_DOCUMENTS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_document_is_refused_with_the_way_out(raw: bytes, way_out: str) -> None:
    with pytest.raises(Problem) as caught:
        read_docx(raw)
    assert caught.value.status == 422
    (error,) = caught.value.errors
    assert way_out in error.message


async def test_a_child_reads_it() -> None:
    children = Children("services.ingest.word.open_docx")
    try:
        assert (await open_docx(children, docx(paragraph(text("Hei"))))).markdown == "Hei"
        with pytest.raises(Problem):
            await open_docx(children, b"Hei")
    finally:
        await children.close()
