"""The documents say what the code does."""

import re
from pathlib import Path

import click
import pytest
import typer

from shared.settings import SECRETS, Settings
from varsel.cli import commands

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"


def rows(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text().splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    return cells[2:]


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {re.sub(r"[`† ]", "", name): default for name, default, _ in rows("settings.md")}
    coded = {f"VARSEL_{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert documented.keys() == coded.keys()
    for name, field in coded.items():
        default = field.default
        if hasattr(default, "get_secret_value"):
            default = default.get_secret_value()
        told = documented[name].strip("`")
        assert told == {None: "", (): "[]"}.get(default, str(default)), name


def test_secrets_are_marked_and_can_come_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = {
        r[0].strip("`† ").removeprefix("VARSEL_").lower()
        for r in rows("settings.md")
        if "†" in r[0]
    }
    assert marked == SECRETS
    secret = tmp_path / "secret"
    secret.write_text("from a file, with a line end behind it\n")
    monkeypatch.setenv("VARSEL_SECRET_KEY_FILE", str(secret))
    assert Settings().secret_key.get_secret_value() == "from a file, with a line end behind it"


def _commands(command: click.Command, path: str = "varsel") -> dict[str, click.Command]:
    children = getattr(command, "commands", None)
    if children is None:
        return {path: command}
    # A word that does something alone is a command, though others may follow it.
    itself = {path: command} if getattr(command, "invoke_without_command", False) else {}
    return itself | {
        full: leaf
        for name, child in children.items()
        for full, leaf in _commands(child, f"{path} {name}").items()
    }


COMMANDS = _commands(typer.main.get_command(commands()))


def test_every_command_is_documented() -> None:
    documented = {re.match(r"`(varsel[a-z -]+[a-z])", r[0])[1].strip() for r in rows("cli.md")}  # type: ignore[index]
    assert documented == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(name: str) -> None:
    command = COMMANDS[name]
    assert f"Eksempel: {name}" in (command.help or "").replace("VARSEL_PORT=8080 ", "")
    if name != "varsel up":
        assert any("--json" in p.opts for p in command.params)


NO_DOCUMENTS = {"demo_data", "node_modules", "build", "dist", "var", "tests"}
"""Folders whose texts are others', or articles."""


def is_ours(page: Path) -> bool:
    """Not one of those that tools leave behind, in hidden folders and in their packages."""
    folders = page.relative_to(DOCS.parent).parts[:-1]
    return not any(name in NO_DOCUMENTS or name.startswith(".") for name in folders)


PAGES = sorted(page for page in DOCS.parent.rglob("*.md") if is_ours(page))
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?:(https?:|mailto:|…|#)|([^)#:]+))(?:[^)]*)\)")
"""A link in Markdown: to elsewhere or within its page, or to another document."""


def test_the_pages_are_those_of_the_repository_and_not_what_tools_leave_behind() -> None:
    assert is_ours(DOCS / "editor.md")
    for theirs in (".pytest_cache/README.md", "tests/browsers/node_modules/a/README.md"):
        assert not is_ours(DOCS.parent / theirs)
    names = {str(page.relative_to(DOCS.parent)) for page in PAGES}
    assert names > {"README.md", "docs/editor.md", "services/ingest/README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = CODE.sub("", page.read_text())
    found = LINK.findall(text)
    assert len(found) == text.count("]("), "each link is seen"
    for _, target in found:
        assert not target or (page.parent / target).exists(), f"{page.name}: {target}"


NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_tests_that_a_document_names_exist(page: Path) -> None:
    text = page.read_text()
    found = NAMED.findall(text)
    assert len(found) == text.count(".py::"), "each test that is named is seen"
    for file, test in found:
        code = DOCS.parent / file
        assert code.exists(), file
        assert re.search(rf"^(async )?def {test}\(", code.read_text(), re.M), f"{file}::{test}"


def test_the_readme_has_every_promise_and_the_threat_model_a_proof_for_every_border() -> None:
    assert len(rows("threat-model.md")) > 5
    promises = re.findall(r"^\| \*\*(G\d+)\*\*", README.read_text(), re.M)
    assert promises == [f"G{n}" for n in (*range(1, 11), *range(12, 16))]
    for border, _, proofs in rows("threat-model.md"):
        assert NAMED.search(proofs), border


DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
STATUS = re.compile(
    r"20\d\d-[01]\d-[0-3]\d · "
    r"(accepted(, amended (by \[\d{4}\]\(.+\)|on 20\d\d-[01]\d-[0-3]\d: .+))?"
    r"|superseded by \[\d{4}\]\(.+\))"
)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name[:4])
def test_each_decision_has_a_date_and_a_status_and_is_in_the_list(page: Path) -> None:
    title, empty, status, *_ = page.read_text().splitlines()
    assert STATUS.fullmatch(status), status
    assert not empty
    number, _, words = title.removeprefix("# ").partition(" ")
    assert page.name.startswith(number)
    assert f"| [{number}]({page.name}) | {words} |" in (page.parent / "README.md").read_text()
