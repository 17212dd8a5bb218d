"""Every line that the code can write to the log, found in the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).parents[1]
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}


@dataclass(frozen=True)
class LogCall:
    place: str
    level: str
    events: frozenset[str] | None
    """The event's name; several where the call chooses, none where the code does not say."""
    fields: frozenset[str]


def log_calls() -> Iterator[LogCall]:
    for folder in ("shared", "services", "varsel"):
        for file in sorted((REPO / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and _is_log(node):
                    place = f"{file.relative_to(REPO)}:{node.lineno}"
                    yield LogCall(place, _level(node), _events(node), _fields(node))


def _is_log(call: ast.Call) -> bool:
    called = call.func
    return (
        isinstance(called, ast.Attribute)
        and called.attr in LEVELS
        and "log" in ast.unparse(called.value).lower()
    )


def _level(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _events(call: ast.Call) -> frozenset[str] | None:
    [said] = call.args or [None]
    choices = [said.body, said.orelse] if isinstance(said, ast.IfExp) else [said]
    names = [one.value for one in choices if isinstance(one, ast.Constant)]
    return frozenset(names) if len(names) == len(choices) else None


def _fields(call: ast.Call) -> frozenset[str]:
    return frozenset(keyword.arg or "**" for keyword in call.keywords)
