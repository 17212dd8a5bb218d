"""The documents say what the code does."""

import re
from pathlib import Path

import click
import pytest
import typer

from shared.settings import SECRETS, Settings
from varsel.cli import app

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
    return {
        full: leaf
        for name, child in children.items()
        for full, leaf in _commands(child, f"{path} {name}").items()
    }


COMMANDS = _commands(typer.main.get_command(app))


def test_every_command_is_documented() -> None:
    documented = {re.match(r"`(varsel[a-z ]+[a-z])", r[0])[1].strip() for r in rows("cli.md")}  # type: ignore[index]
    assert documented == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(name: str) -> None:
    command = COMMANDS[name]
    assert f"Eksempel: {name}" in (command.help or "").replace("VARSEL_PORT=8080 ", "")
    if name != "varsel up":
        assert any("--json" in p.opts for p in command.params)


@pytest.mark.parametrize("page", sorted(DOCS.parent.rglob("*.md")), ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    if ".venv" in page.parts or "demo_data" in page.parts:
        return
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_names_tests_that_exist_for_every_promise() -> None:
    text = README.read_text()
    tests = {
        p.relative_to(DOCS.parent).as_posix(): p.read_text()
        for p in (DOCS.parent / "tests").rglob("test_*.py")
    }
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert set(re.findall(r"\*\*(G\d+)\*\*", text)) == {f"G{n}" for n in range(1, 11)}
    assert named
    for file, test in named:
        assert f"def {test}(" in tests.get(file, ""), f"{file}::{test}"
