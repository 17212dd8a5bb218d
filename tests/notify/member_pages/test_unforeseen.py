"""What nobody foresaw is answered in words to members, too, with what they had typed."""

import pytest
from structlog.testing import capture_logs

from services.notify.letters.store import Letters
from tests.notify.member_pages.conftest import Pages, text_of

NEW = "ny@example.org"


async def broken(*_: object, **__: object) -> None:
    raise ValueError(f"{NEW} is no number")


async def test_a_form_that_failed_can_be_sent_again(
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
