"""The texts in the code and in the templates, with where they stand, as a catalogue without words.

In the code those are whatever stands in a constant of the type `Nb[…]`, but for the keys of a
mapping, which are codes; and the first argument of `nb(…)`, `t(…)` and `say(…)`. In a template they
are in `t("…")`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract

from shared.article import Lang

ROOT = Path(__file__).parents[2]
_CODE = ("shared", "services", "varsel")
_TEMPLATES = ("**/templates/*.html", "**/templates/*.txt", "**/frame/*.html")
_MARKS = "shared.languages"
"""What a module takes its marks from: another's `say` is none."""
_SAYS = {"nb", "t", "say"}
_CODES: dict[str, set[int | str]] = {
    "FieldWords": {3, "input"},
    "FieldOption": {0},
    "Stand": {2},
}
"""What some tables take beside texts: the places and names of such arguments, by what takes
them."""
_FOR_STAFF = (
    *("services/ingest/", "services/notify/staff/", "services/notify/letters/staff_wording.py"),
)
"""Where no reader and no member looks: people who work with these texts read Norwegian."""


def texts(lang: Lang) -> Catalog:
    """All texts that a language needs, with nothing said yet. SyntaxError: see `in_code`."""
    found = Catalog(lang, fuzzy=False)
    for file, text in sorted(_found()):
        if lang == "nn" or not file.startswith(_FOR_STAFF):
            found.add(text, locations=[(file, 0)])
    return found


def _found() -> Iterator[tuple[str, str]]:
    """File and text."""
    for folder in _CODE:
        for file in (ROOT / folder).rglob("*.py"):
            for text in in_code(file.read_text()):
                yield str(file.relative_to(ROOT)), text
        for pattern in _TEMPLATES:
            for file in (ROOT / folder).glob(pattern):
                for text in in_template(file):
                    yield str(file.relative_to(ROOT)), text


def in_template(file: Path) -> Iterator[str]:
    """The texts in one template."""
    with file.open("rb") as content:
        for _, _, said, _ in babel_extract(content, ("t",), (), {"silent": "false"}):
            text = said[0] if isinstance(said, tuple) else said
            if text:
                yield text


def in_code(source: str) -> Iterator[str]:
    """The texts in one module. SyntaxError if one is put together where it is marked: then no
    catalogue can have it."""
    if _MARKS not in source:
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.AnnAssign(
                annotation=ast.Subscript(value=ast.Name(id="Nb")), value=ast.expr() as value
            ):
                yield from _inside(value)
            case ast.Call(func=ast.Name(id=name), args=[ast.expr() as said, *_]) if name in _SAYS:
                if name == "nb" or isinstance(said, ast.Constant):
                    yield from _inside(said)


def _inside(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            if any(sign.isalpha() for sign in text):
                yield text
        case ast.JoinedStr():
            raise SyntaxError(f"put together where it is marked: {ast.unparse(node)}")
        case ast.Dict(values=values):
            for value in values:
                yield from _inside(value)
        case ast.Call(func=func, args=args, keywords=keywords):
            codes = _CODES.get(getattr(func, "id", ""), set())
            for place, one in [*enumerate(args), *((one.arg or "", one.value) for one in keywords)]:
                if place not in codes:
                    yield from _inside(one)
        case ast.Subscript():
            return  # of another table
        case _:
            for inner in ast.iter_child_nodes(node):
                yield from _inside(inner)
