"""What the receipt says is there in both standards of Norwegian, and in no word of the codes."""

import re
from pathlib import Path

import pytest

from services.ingest.deliveries import wish
from services.ingest.newsroom.live import shown, words
from services.ingest.problems import Problem
from shared.languages.say import catalogue
from tests.ingest.statuses import status

TEMPLATES = Path(shown.__file__).with_name("templates")
_SAID = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')


def in_templates() -> set[str]:
    return {text for page in TEMPLATES.iterdir() for text in _SAID.findall(page.read_text())}


def in_words() -> set[str]:
    found: set[str] = set()
    for value in vars(words).values():
        for stand in value.values() if isinstance(value, dict) else [value]:
            if isinstance(stand, words.Stand):
                found |= {stand.heading, stand.text}
    for texts in (
        words.KINDS,
        words.PAGE_WHY,
        words.CAUSES,
        words.ASKED,
        words.BUTTONS,
        words.HINTS,
        words.PAGE_PASSED,
    ):
        found |= set(texts.values())
    found |= {text for text, _ in (*words.PAGE_HELD.values(), *words.PAGE_LOOKED.values())}
    found |= {*words.SEND_ANYWAY, *words.TRY_NOW, *words.TRY_MENDED}
    found |= {
        value
        for name, value in vars(words).items()
        if re.match("PAGE_[A-Z_]+$", name) and isinstance(value, str)
    }
    return found


def refusals() -> set[str]:
    problems: list[Problem] = [wish.no_delivery(), wish.superseded(), wish.changed()]
    for cause, state in (("cancelled", "complete"), ("", "complete"), ("operator", "paused")):
        problems.append(wish.not_possible(status("a1b2c3d4e5f6", 1, 0, cause=cause, state=state)))
    with pytest.raises(Problem) as forbidden:
        wish.refuse("editor", "cancel", approvals=1)
    problems.append(forbidden.value)
    return {text for one in problems for text in (one.title, one.detail)}


def times() -> set[str]:
    said = [shown.left_in_words(seconds) for seconds in (5, 500, 50_000)]
    return {one.text for one in said if one}


EVERY = in_templates() | in_words() | refusals() | times()


def test_each_text_is_there_in_nynorsk() -> None:
    assert len(EVERY) > 90
    assert EVERY - catalogue("nn").keys() == set()


def test_no_word_of_the_machinery_is_said() -> None:
    everything = " ".join([*EVERY, *(catalogue("nn")[one] for one in EVERY)]).lower()
    for word in ("delivery", "relay", "smtp", "ledger", "redis", "suppressed", "bounce", "kø"):
        assert not re.search(rf"\b{word}\b", everything), word
