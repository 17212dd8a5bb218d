"""Word documents, made of their parts as Word makes them (ECMA-376)."""

import io
import zipfile
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = {"Title": "Title", "Heading1": "heading 1", "Heading2": "heading 2"}


def text(words: str, *, bold: bool = False) -> str:
    """A run."""
    looks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", level: int | None = None, numbers: bool = False) -> str:
    """A paragraph; an item of a list if it has a level."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        kind = 2 if numbers else 1
        marks += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{kind}"/></w:numPr>'
    return f"<w:p><w:pPr>{marks}</w:pPr>{''.join(runs)}</w:p>"


def link(words: str, name: str = "rId9") -> str:
    """A link to https://example.org/råd."""
    return f'<w:hyperlink r:id="{name}">{text(words)}</w:hyperlink>'


def note() -> str:
    """The mark of footnote 2, the first after Word's own two."""
    return '<w:r><w:footnoteReference w:id="2"/></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """A table of plain texts."""
    cells = ("".join(f"<w:tc>{paragraph(text(cell))}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*blocks: str, more: dict[str, bytes] | None = None) -> bytes:
    """The document of these blocks, and of further files."""
    around = f'xmlns:w="{_W}" xmlns:r="{_R}"'
    levels = "".join(f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="FORMAT"/></w:lvl>' for at in range(3))
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{levels.replace("FORMAT", kind)}</w:abstractNum>'
        for at, kind in ((1, "bullet"), (2, "decimal"))
    )
    numbers = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>' for at in (1, 2)
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    related = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for key, kind, target, mode in (
            ("rId1", "numbering", "numbering.xml", ""),
            ("rId2", "styles", "styles.xml", ""),
            ("rId3", "footnotes", "footnotes.xml", ""),
            ("rId9", "hyperlink", "https://example.org/råd", ' TargetMode="External"'),
        )
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {around}><w:body>{''.join(blocks)}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{related}</Relationships>",
        "word/numbering.xml": f"<w:numbering {around}>{kinds}{numbers}</w:numbering>",
        "word/styles.xml": f"<w:styles {around}>{styles}</w:styles>",
        "word/footnotes.xml": f'<w:footnotes {around}><w:footnote w:id="2">'
        f"{paragraph(text('Kilden, 2026.'))}</w:footnote></w:footnotes>",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files.items():
            whole.writestr(name, content)
        for name, raw in (more or {}).items():
            whole.writestr(name, raw)
    return data.getvalue()
