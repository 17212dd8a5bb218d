"""Every text of the members' pages is there in nynorsk too."""

import ast
import re
import string
from pathlib import Path

import pytest

from services.notify.member_pages import confirming, consent, fields, my_page
from services.notify.member_pages.history import told
from services.notify.member_pages.history.fate import AlertFate
from services.notify.member_pages.look import TEMPLATES
from services.notify.member_pages.nynorsk import NYNORSK

_SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_TITLES = re.compile(r'\d{3}: "([^"]+)"')


def _texts() -> set[str]:
    pages = [page.read_text() for page in TEMPLATES.glob("*.html")]
    found = {text for page in pages for text in _SAID.findall(page)}
    found |= set(_TITLES.findall((TEMPLATES / "problem.html").read_text()))
    found |= set(my_page._DONE.values()) | set(told._SAID.values())
    for module in (confirming, fields, told):
        found |= _sentences(ast.parse(Path(module.__file__).read_text()))
    return found


def _sentences(module: ast.Module) -> set[str]:
    """The sentences of a module's code; docstrings are statements of their own."""
    docs = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    return {text for text in texts if re.fullmatch(r"[A-ZÆØÅ].*\.", text)}


@pytest.mark.parametrize("text", sorted(_texts()))
def test_a_text_is_there_in_nynorsk_with_the_same_places_for_values(text: str) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    said = NYNORSK[text]
    assert {name for _, name, _, _ in string.Formatter().parse(said) if name} == places


def test_nothing_is_said_in_nynorsk_that_no_page_says() -> None:
    assert set(NYNORSK) <= _texts()


def test_every_fate_has_its_words_and_none_claims_that_a_mail_arrived() -> None:
    assert set(told._SAID) == set(AlertFate)
    everything = " ".join([*told._SAID.values(), *NYNORSK.values(), *NYNORSK])
    assert "levert" not in re.sub("[Oo]verlevert", "", everything)


@pytest.mark.parametrize("lang", ["nb", "nn"])
def test_the_consent_names_the_association_and_what_is_kept(lang: consent.Lang) -> None:
    words = consent.consent(lang, "Eksempelforeningen")
    assert "Eksempelforeningen" in words.text
    assert (words.version, words.lang, words.purpose) == ("2026-11", lang, "alerts")
