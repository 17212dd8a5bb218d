"""What readers are told is told in the same words and colours everywhere."""

import re
from pathlib import Path

from services.ingest.newsroom.desk.words import OPTIONS
from services.ingest.newsroom.shown.words import VALUES
from services.notify.mail import wording
from services.render.text import labels
from shared import alert_words
from shared.languages.say import LANGS, say

REPO = Path(__file__).parents[2]
_PAGE = REPO / "services/render/look/templates/style.css"
_MAIL = REPO / "services/notify/mail/templates/base.html"
_NEWSROOM = REPO / "services/ingest/newsroom/static/redaksjon.css"


def test_severities_are_the_same_words_in_docs_page_mail_and_newsroom() -> None:
    words = alert_words.BOKMAL.severity
    [row] = re.findall(r"^\| `alert.severity` \|.*$", (REPO / "docs/editor.md").read_text(), re.M)
    said_in_docs = dict(re.findall(r"`(\w+)` \(([^):]+)", row))
    form = {one.value: one.label.lower() for one in OPTIONS["alert.severity"]}
    assert said_in_docs == form == VALUES["alert.severity"] == words
    for lang in LANGS:
        said = alert_words.alert_words(lang).severity
        assert labels.labels(lang).severity == wording.labels(lang).severity == said
        assert len({*said.values()}) == 4
        for severity, word in words.items():
            form_word = say(word.capitalize(), lang)
            assert lang == "en" or form_word == said[severity].capitalize()
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
