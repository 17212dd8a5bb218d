"""A mail's letterhead is the association's own, where it has said something of itself."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.ledger.delivery import Delivery
from services.notify.letters.decide import What
from services.notify.letters.letter_mail import LetterMail
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.delivery_mail import DeliveryMail
from services.notify.mail.letterhead import letterhead
from services.notify.mail.notices.notice_mail import NoticeMail
from services.notify.mail.text import Letterhead
from services.notify.members.numbers import Cut
from shared.colours import contrast
from shared.identity import GROUND, LEAST_CONTRAST, Identity
from tests.make import alert, settings
from tests.notify.mail.reading import (
    HEAD,
    MARKS_KEY,
    STARTED,
    TOKENS,
    html_of,
    mail_of,
    read,
    received,
    text_of,
)
from tests.notify.notices import CONTENT

_LONG = "Landsforeningen for alle som har en lang diagnose, og for deres pårørende og venner"[:80]
OWN = Identity(
    name=_LONG,
    accent="#5a2d82",
    postal_address="Storgata 1, 0155 Oslo",
    telephone="22 00 00 00",
    email="post@example.org",
    appeal_title="Sterkere sammen!",
    appeal="Bli medlem, så blir vi flere.",
)
_colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def _read(head: Letterhead) -> tuple[str, str]:
    message = read(received(mail_of(alert(), head).fill(7, "kare@example.org", "Kåre", TOKENS)))
    return text_of(message), html_of(message)


def _log_in() -> LetterMail:
    return LetterMail(
        What.LOG_IN,
        "id",
        asks=1,
        asked_at=datetime(2026, 9, 1, tzinfo=UTC),
        made=datetime(2026, 9, 1, tzinfo=UTC),
        email="kare@example.org",
        lang="nb",
        life=timedelta(hours=1),
        token="t",
    )


def _alert(head: Letterhead) -> AlertMail:
    return mail_of(alert(), head)


def _notice(head: Letterhead) -> NoticeMail:
    delivery = Delivery(
        id="0123456789abcdef.1",
        article="0123456789abcdef",
        revision=1,
        kind="notice",
        before="",
        superseded="",
        held="",
        cut=Cut(7, 0),
        identity=Identity(),
        offers_mail=False,
        page_at=STARTED,
        started=STARTED,
        tried_at=STARTED,
        again_at=STARTED,
    )
    return NoticeMail(CONTENT, delivery=delivery, head=head, marks_key=MARKS_KEY)


def test_the_name_comes_first_in_both_parts_and_nobody_is_asked_to_join() -> None:
    assert len(_LONG) == 80
    text, html = _read(HEAD.dressed(OWN))
    assert text.startswith(_LONG[:60])
    title = str(alert().title)
    assert (
        title + " " + _LONG in html
    )  # the title of the document, then the first words of its body
    for part in (text, html):
        assert "Storgata 1, 0155 Oslo" in part
        assert "post@example.org, telefon 22 00 00 00" in part
        assert "Forbundet for ål" not in part
        assert "Bli medlem" not in part
        assert "Sterkere sammen" not in part


def test_where_nothing_is_said_the_settings_hold() -> None:
    assert HEAD.dressed(Identity()) == HEAD
    named = HEAD.dressed(Identity(name="Eksempelforeningen"))
    assert (named.postal, named.contact) == (HEAD.postal, HEAD.contact)


def test_what_the_settings_say_is_in_an_alert_a_letter_and_a_notice() -> None:
    head = letterhead(
        settings(
            reply_to="svar@example.org",
            postal_address="Storgata 1, 0155 Oslo",
            contact="telefon 22 11 00 00",
        )
    )
    alert_mail, notice = mail_of(alert(), head), _notice(head)
    for content in (
        received(alert_mail.fill(7, "kare@example.org", "Kåre", TOKENS)),
        received(notice.fill(7, "kare@example.org", "Kåre", TOKENS)),
        received([_log_in().content(head)]),
    ):
        message = read(content)
        assert message["Reply-To"] == "svar@example.org"
        for part in (text_of(message), html_of(message)):
            assert "Storgata 1, 0155 Oslo" in part
            assert "telefon 22 11 00 00" in part


def test_where_the_settings_ask_for_it_neither_subject_nor_first_words_say_what_it_is_about() -> (
    None
):
    open_, neutral = (letterhead(settings(neutral_subject=wanted)) for wanted in (False, True))
    kinds: list[Callable[[Letterhead], DeliveryMail]] = [_alert, _notice]
    for made in kinds:
        subjects, beginnings = [], []
        for head in (open_, neutral):
            message = read(received(made(head).fill(7, "kare@example.org", "Kåre", TOKENS)))
            subjects.append(str(message["Subject"]))
            beginnings.append((text_of(message)[:120], html_of(message)[:200]))
        named = [str(alert().title) in subject or "opplysning" in subject for subject in subjects]
        assert named == [True, False]
        for text, html in beginnings[1:]:
            assert "opplysning" not in text + html
            assert str(alert().title) not in text + html


def test_a_letter_begins_with_the_name_too() -> None:
    letter = _log_in()
    head = HEAD.dressed(OWN)
    message = read(received([letter.content(head)]))
    assert text_of(message).startswith(_LONG[:60])
    assert str(message["Subject"]) + " " + _LONG in html_of(message)
    assert letter.content(head) == letter.content(head)


@given(_colours.filter(lambda colour: contrast(colour, GROUND) >= LEAST_CONTRAST))
def test_the_colour_can_be_read_as_line_and_as_button_in_the_light_and_in_the_dark(
    colour: str,
) -> None:
    head = HEAD.dressed(Identity(accent=colour))
    assert contrast(colour, "#ffffff") >= LEAST_CONTRAST
    assert head.accent_in_the_dark
    assert contrast(head.accent_in_the_dark, "#1c1b1a") >= LEAST_CONTRAST


def test_the_association_s_colour_is_in_the_mail() -> None:
    raw = received(mail_of(alert(), HEAD.dressed(OWN)).fill(7, "k@example.org", "", TOKENS))
    html = read(raw).get_body(("html",)).get_content()
    assert re.search(r'class="name( long-name)?" style="[^"]*#5a2d82', html)
    assert "#0b5670" not in html
