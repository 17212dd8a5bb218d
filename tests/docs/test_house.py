"""The rooms of the house are as its plan says: what is where, and how much is at one level."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
MOST_FILES = 14
"""Modules at one level of a service, or of its tests; with more, what is where is no longer seen at
a glance."""
TOO_LONG = 400
"""Lines of a file of code."""
SERVICES = [REPO / f"services/{name}" for name in ("notify", "ingest", "render")]
TESTED = [REPO / f"tests/{name}" for name in ("notify", "ingest", "render", "varsel", "shared")]
"""Their tests, in folders of the same names."""
PARTED = [*SERVICES, REPO / "varsel", REPO / "shared"]
"""What is parted into folders by subject."""
GIVES_OUT = REPO / "shared/bus"
"""Not a subject: the library that the services stand on. Decision 0019 says why it may."""


def folders(of: Path) -> list[Path]:
    """The folders directly in `of` that hold modules."""
    return sorted({file.parent for file in of.glob("*/*.py")})


ROOMS = sorted(
    {file.parent for whole in PARTED for file in whole.rglob("*.py")} - {*PARTED, GIVES_OUT}
)
"""At every depth."""


def named(path: Path) -> str:
    return str(path.relative_to(REPO))


def imported(module: Path) -> Iterator[str]:
    """The full names of all that a module imports, at its top or later."""
    package = module.relative_to(REPO).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            within = ".".join([*above, *([node.module] if node.module else [])])
            yield within
            yield from (f"{within}.{name.name}" for name in node.names)


def test_no_test_module_is_imported() -> None:
    """What tests share is in a module of its own, so that a test can be moved or ended alone."""
    tests = {
        ".".join(file.relative_to(REPO).with_suffix("").parts)
        for file in (REPO / "tests").rglob("test_*.py")
    }
    users = [*(REPO / "tests").rglob("*.py"), *(REPO / "benchmarks").rglob("*.py")]
    assert tests
    found = {named(user): wrong for user in users if (wrong := tests & set(imported(user)))}
    assert found == {}


@pytest.mark.parametrize("service", [*SERVICES, *TESTED], ids=named)
def test_no_folder_of_a_service_has_more_modules_than_a_glance_takes_in(service: Path) -> None:
    for folder in {file.parent for file in service.rglob("*.py")}:
        modules = sorted(file.name for file in folder.glob("*.py") if file.stem != "__init__")
        assert len(modules) <= MOST_FILES, named(folder)


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_what_it_is_and_gives_nothing_out_under_another_name(room: Path) -> None:
    body = ast.parse((room / "__init__.py").read_text()).body
    assert len(body) == 1, "one docstring and nothing else"
    assert isinstance(body[0], ast.Expr)
    assert isinstance(body[0].value, ast.Constant)
    assert isinstance(body[0].value.value, str)


@pytest.mark.parametrize("service", SERVICES, ids=named)
def test_a_readme_shows_each_room_and_none_that_is_not_there(service: Path) -> None:
    page = (service / "README.md").read_text()
    trees = re.findall(rf"^```\w*\n{service.name}/\n(.*?)^```$", page, re.M | re.S)
    assert len(trees) == 1, f"one tree that begins with {service.name}/"
    shown = re.findall(r"^  (\w+)/", trees[0], re.M)
    assert sorted(shown) == [room.name for room in folders(service)]


def typed_names(tree: ast.Module) -> Iterator[str]:
    """The names that a module gives to types: its classes, and what stands for a type that is put
    together. Parameters of commands are left out: they are no types of the house, but how Typer
    reads a word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.AnnAssign):
            target = node.target
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name):
            name, made = target.id, node.value
            put_together = ast.Subscript | ast.BinOp | ast.Call | ast.Name
            is_named_so = re.fullmatch("_?[A-Z][A-Za-z]*[a-z][A-Za-z]*", name)
            if is_named_so and isinstance(made, put_together) and "typer." not in ast.unparse(made):
                yield name


def test_a_class_name_has_one_meaning() -> None:
    """Also of what stands for a type, as `ArticleState = Literal[…]`: a reader of `State` must not
    have to look which. A private name is told apart from one that is given out, and from no other:
    a search for `_Handler` finds one thing."""
    where: dict[str, list[str]] = {}
    for whole in ("services", "shared", "varsel"):
        for module in sorted((REPO / whole).rglob("*.py")):
            for name in typed_names(ast.parse(module.read_text())):
                where.setdefault(name, []).append(named(module))
    assert len(where) > 500
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


@pytest.mark.parametrize("whole", ["services", "shared", "varsel", "tests", "benchmarks"])
def test_no_file_is_longer_than_a_reader_keeps_in_mind(whole: str) -> None:
    files = [file for kind in ("*.py", "*.lua") for file in (REPO / whole).rglob(kind)]
    assert files
    lines = {named(file): len(file.read_text().splitlines()) for file in files}
    assert {file: many for file, many in lines.items() if many >= TOO_LONG} == {}
