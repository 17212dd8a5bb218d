"""Whatever the code writes in the audit trail is read in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from services.ingest.audit.entries import TrailEntry
from services.ingest.newsroom.admin.trail_words import WORDS, actor, words

REPO = Path(__file__).parents[4]
_WRITES = ("TrailAction", "Act", "_action", "_audit", "_note")
_ACTION = re.compile(r"[a-z]+(_[a-z]+)*")
_WHO = {"operator", "notify", "ingest"}


def written() -> Iterator[str]:
    """The actions that stand in calls that write them."""
    for folder in ("services/ingest", "varsel"):
        for file in (REPO / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _WRITES:
                    given = [*node.args, *(word.value for word in node.keywords)]
                    for one in given:
                        text = one.value if isinstance(one, ast.Constant) else None
                        if isinstance(text, str) and _ACTION.fullmatch(text):
                            yield text


def test_every_action_that_the_code_writes_has_words() -> None:
    found = set(written()) - _WHO
    assert len(found) > 15, "it looks where they are written"
    assert found - WORDS.keys() == set()


def test_an_action_without_words_or_without_its_values_is_told_all_the_same() -> None:
    odd = TrailEntry(actor="Kari", what="did_something_new")
    assert words(odd) == ("did something new", {})
    assert words(TrailEntry(actor="Kari", what="key_created"))[0] == "Laget nøkkelen"
    assert actor(TrailEntry(actor="operator", what="x")) == "Den som drifter Varsel"
    assert actor(odd) == "Kari"
