"""What commands say is Norwegian, also what Typer and pydantic would say in English."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from varsel import cli, norwegian

ROOT = Path(__file__).parents[3]
ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|commands?|error|show|this|message|and|exit|default|required|"
    r"env|missing|invalid|value|such|got|unexpected|extra|requires?|takes?|does|not|exists?|"
    r"try|help|possible|choose|from|input|should|valid|integer|unable|parse|string|directory|"
    r"readable|is|str|int|bool|file|path|did|you|mean|aborted)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"│ [a-z]+ |"
    r"--?[a-z]+[a-z-]*|VARSEL_\w+|\S+\.(md|csv|jsonl)|JSON(-| )\w+|--role editor|varsel [a-z ]+"
)
"""What is English since somebody types it or reads it in a file: it is no text."""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code, and all that was written."""
    before = sys.argv
    sys.argv = ["varsel", *arguments]
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        sys.argv = before
    written = capsys.readouterr()
    return int(ended.value.code or 0), written.out + written.err


def english(text: str) -> list[str]:
    return [found[0] for found in ENGLISH.finditer(NAMES.sub(" ", text))]


def commands() -> Iterator[tuple[str, ...]]:
    def below(one: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, child in getattr(one, "commands", {}).items():
            yield from below(child, (*path, name))

    return below(typer.main.get_command(cli.commands()), ())


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("VARSEL_URL", "VARSEL_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("path", [*commands()], ids=lambda path: " ".join(path) or "varsel")
def test_the_help_of_every_command_is_norwegian_and_has_an_example(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, *path, "--help")
    assert code == 0
    assert said.strip().startswith(" ".join(("Bruk: varsel", *path)))
    assert "Eksempel: " in said
    assert english(said) == []
    assert run(capsys, *path, "-h") == (0, said)


WRONG = {
    "no such command": (["nosuch"], "det finnes ingen kommando «nosuch»"),
    "nearly a command": (["publsh"], "mente du publish?"),
    "no such command of a group": (["dead", "nosuch"], "det finnes ingen kommando «nosuch»"),
    "no such option": (["receipt", "--x"], "det finnes ikke noe valg --x"),
    "nearly an option": (["watch", "--onec"], "mente du --json eller --once?"),
    "an argument missing": (["receipt"], "ID mangler"),
    "a file missing": (["publish"], "FIL mangler"),
    "an option missing": (["withdraw", "a1b2c3d4e5f6"], "--why mangler"),
    "an option without its value": (["publish", "--url"], "--url må ha en verdi etter seg"),
    "an option with one value of two": (
        ["history", "a1b2c3d4e5f6", "--diff", "1"],
        "--diff må ha 2 verdier etter seg",
    ),
    "a flag with a value": (["watch", "--once=3"], "--once kan ikke ha noen verdi"),
    "too many arguments": (["receipt", "a1b2c3d4e5f6", "b", "c"], "dette er for mye: b c"),
    "no such file": (["publish", "ingen.md"], "filen ingen.md finnes ikke"),
    "a folder for a file": (["publish", str(ROOT)], "er en mappe, ikke en fil"),
    "no such choice": (
        ["articles", "--status", "ute"],
        "--status: «ute» er ikke en av draft, in_review, approved, published, withdrawn",
    ),
    "no such service": (["up", "web"], "TJENESTE: «web» er ikke en av ingest, render, notify"),
    "no such choice of one": (["deliver", "a", "--again", "alle"], "«alle» er ikke en av failed"),
    "no number": (["history", "a", "--diff", "a", "b"], "--diff: skriv et helt tall"),
    "our own": (["deliver", "a", "--pause", "--cancel"], "velg én av --pause"),
    "our own about an option": (["audit", "verify", "--root", "x"], "--root: en rot er 64 tegn"),
    "no key": (["receipt", "a1b2c3d4e5f6"], "mangler API-nøkkel"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_told_in_norwegian_and_exits_with_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, *arguments)
    assert code == 2
    assert words in said
    names = re.compile(r"«.*?»|er ikke en av .*|/\S+")
    assert english(names.sub(" ", said)) == []


@pytest.mark.parametrize("group", [(), ("dead",), ("members",), ("keys",), ("audit",)])
def test_a_group_without_a_command_shows_its_help(
    group: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, *group)
    assert (code, "Kommandoer" in said, english(said)) == (2, True, [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("VARSEL_PORT", "åtti", "skriv et helt tall"),
        ("VARSEL_PORT", "65536", "kan være høyst 65535"),
        ("VARSEL_STALE_HOURS", "0", "må være over 0"),
        ("VARSEL_ALERT_HOLD", "lenge", "skriv et tall"),
    ],
)
def test_a_wrong_setting_is_told_in_norwegian(
    name: str, value: str, words: str,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(name, value)
    code, said = run(capsys, "watch", "--once")
    assert code == 2
    assert f"{name}: {words}" in said
    assert english(said) == []


def test_a_message_of_ours_is_told_as_it_is() -> None:
    assert norwegian.in_norwegian("velg én av --pause og --cancel") == (
        "velg én av --pause og --cancel"
    )


ROUTE = re.compile(r"/api/|\b(GET|PUT|POST|PATCH|DELETE)\b")


def test_no_message_that_a_command_may_print_names_a_route_of_the_api() -> None:
    found = []
    for folder in ("reading", "lifecycle", "pictures", "receipts"):
        for file in (ROOT / "services" / "ingest" / folder).rglob("*.py"):
            tree = ast.parse(file.read_text())
            docs = {
                id(node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            }
            found += [
                (file.name, node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docs
                and ROUTE.search(node.value)
            ]
    assert found == []
