"""What readers are told is told in the same words and colours everywhere, and is well set."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from services.ingest.newsroom.desk.words import OPTIONS
from services.ingest.newsroom.nynorsk.texts import NYNORSK as NEWSROOM_NYNORSK
from services.ingest.newsroom.shown.words import VALUES
from services.notify.mail import wording
from services.render.text import labels
from shared import alert_words

REPO = Path(__file__).parents[2]
_PAGE = REPO / "services/render/look/templates/style.css"
_MAIL = REPO / "services/notify/mail/templates/base.html"
_NEWSROOM = REPO / "services/ingest/newsroom/static/redaksjon.css"
_UNITS = "mg|g|ml|timer|timar|minutter|minutt|dager|dagar|dag|uker|veker|år|kB|MB|kr|tegn|teikn|%"


def test_severities_are_the_same_words_in_docs_page_mail_and_newsroom() -> None:
    words = alert_words.BOKMAL.severity
    [row] = re.findall(r"^\| `alert.severity` \|.*$", (REPO / "docs/editor.md").read_text(), re.M)
    said_in_docs = dict(re.findall(r"`(\w+)` \(([^):]+)", row))
    form = {one.value: one.label.lower() for one in OPTIONS["alert.severity"]}
    assert said_in_docs == form == VALUES["alert.severity"] == words
    assert labels.BOKMAL.severity == wording.BOKMAL.severity == words
    nynorsk = alert_words.NYNORSK.severity
    assert labels.NYNORSK.severity == wording.NYNORSK.severity == nynorsk
    for severity, word in words.items():
        said = word.capitalize()
        assert NEWSROOM_NYNORSK.get(said, said) == nynorsk[severity].capitalize()
    assert set(alert_words.SEVERITY_STEPS) == set(words)


def test_a_correction_has_one_colour_on_page_mail_and_in_the_newsroom() -> None:
    page, newsroom, mail = (file.read_text() for file in (_PAGE, _NEWSROOM, _MAIL))
    light, dark = (_both(page, name) for name in ("--correction", "--correction-panel"))
    assert _both(newsroom, "--correction") == light
    assert _both(newsroom, "--correction-panel") == dark
    changed = re.findall(r"\.changed \{([^}]*)\}", mail)
    headings = re.findall(r"\.changed h2 \{([^}]*)\}", mail)
    kickers = re.findall(r"\.corrected \{([^}]*)\}", mail)
    assert len(changed) == len(headings) == len(kickers) == 2
    for place, (ink, ground) in enumerate(zip(light, dark, strict=True)):
        assert ink in headings[place]
        assert ink in kickers[place]
        assert ink in changed[place]
        assert ground in changed[place]


def _both(style: str, name: str) -> list[str]:
    """Its values, the light one first."""
    values = re.findall(rf"{name}: (#\w+);", style)
    assert len(values) == 2, name
    return values


def _texts(words: Any) -> list[str]:
    found = []
    for value in (getattr(words, one.name) for one in fields(words)):
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            found += [text for text in value.values() if isinstance(text, str)]
        elif isinstance(value, tuple):
            found += [text for inner in value for text in _texts(inner)]
        else:
            found += _texts(value)
    return found


@pytest.mark.parametrize(
    "words", [labels.BOKMAL, labels.NYNORSK, wording.BOKMAL, wording.NYNORSK], ids=str
)
def test_our_own_words_are_set_as_norwegian_is(words: Any) -> None:
    """« », an en dash with spaces, a hard space between a number and its unit."""
    for text in _texts(words):
        assert not wrongly_set(text), text


def wrongly_set(text: str) -> list[str]:
    return re.findall(rf"[\"“”]|\B'\w|\w'\B| - |—|\d (?:{_UNITS})\b|\d %|\d \d{{3}}\b", text)


@pytest.mark.parametrize(
    "folder",
    [
        "services/render/look/templates",
        "services/notify/mail/templates",
        "services/notify/mail/notices/templates",
        "services/notify/letters/templates",
        "services/notify/member_pages/templates",
    ],
)
def test_texts_in_templates_are_set_as_norwegian_is(folder: str) -> None:
    files = [f for f in (REPO / folder).iterdir() if f.suffix in (".html", ".txt")]
    assert files
    for file in files:
        text = re.sub(r'\{\{ t\("([^"]+)"[^}]*\}\}', r"\1", file.read_text())
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", text, flags=re.DOTALL)
        text = re.sub(r'[\w-]+="[^"]*"', "", text)
        text = re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL)
        assert not wrongly_set(text.replace("&nbsp;", "\u00a0")), file.name


def test_it_is_told_what_is_wrongly_set() -> None:
    for wrong in ('Han sa "ja"', "Ja - nei", "Ta 5 mg", "Vent i 30 minutter", "116 117", "5 %"):
        assert wrongly_set(wrong), wrong
    for right in ("«Ja», sa han", "Ja – nei", "Ta 5\u00a0mg", "116\u00a0117", "e-post", "2. juni"):
        assert not wrongly_set(right), right
