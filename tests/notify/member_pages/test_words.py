"""What the members' pages say is true, and in the member's language."""

import re

import pytest
from structlog.testing import capture_logs

from services.notify.letters.store import Letters
from services.notify.member_pages import consent
from services.notify.member_pages.history import told
from services.notify.member_pages.history.fate import AlertFate
from services.notify.member_pages.look import TEMPLATES
from shared.article import Lang
from shared.languages.say import LANGS, say
from tests.notify.member_pages.conftest import Pages, text_of

NEW = "ny@example.org"
_OF_NOBODY = {"later.html", "unknown.html", "wrong_way.html"}
"""Of a link whose member is not known, and so no language."""


def test_every_text_of_a_page_is_said_in_the_member_s_language() -> None:
    for file in TEMPLATES.glob("*.html"):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>|aria-[\w-]+=\"\w*\"", "", text)
        assert (re.search(r"\w", bare) is None) == (file.name not in _OF_NOBODY), file.name


def test_every_fate_has_its_words_and_none_claims_that_a_mail_arrived() -> None:
    assert set(told._SAID) == set(AlertFate)
    said = {lang: " ".join(say(one, lang) for one in told._SAID.values()) for lang in LANGS}
    for lang in ("nb", "nn"):
        assert "levert" not in re.sub("[Oo]verlevert", "", said[lang])
    assert "elivered" not in said["en"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_consent_names_the_association_and_what_is_kept(lang: Lang) -> None:
    words = consent.consent(lang, "Eksempelforeningen")
    assert "Eksempelforeningen" in words.text
    assert (words.version, words.lang, words.purpose) == ("2026-11", lang, "alerts")


async def broken(*_: object, **__: object) -> None:
    raise ValueError(f"{NEW} is no number")


async def test_what_nobody_foresaw_is_told_in_words_and_the_form_can_be_sent_again(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = pages.browser()
    await browser.open("/bli-medlem/")
    monkeypatch.setattr(Letters, "ask", broken)
    with capture_logs() as lines:
        answer = await browser.send("/bli-medlem/", epost=NEW, samtykke="ja")
    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "Vi vet ikke om det du sendte, ble tatt imot" in text_of(answer)
    assert f'name="epost" value="{NEW}"' in answer.text
    assert 'action="/bli-medlem/"' in answer.text
    assert "Traceback" not in answer.text
    assert [line["event"] for line in lines] == ["request_failed"]
    assert NEW not in str(lines)
