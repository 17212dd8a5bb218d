"""A mail's letterhead is the association's own, where it has said something of itself."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.letters.decide import What
from services.notify.letters.letter_mail import LetterMail
from services.notify.mail.text import Letterhead
from shared.colours import contrast
from shared.identity import GROUND, LEAST_CONTRAST, Identity
from tests.make import alert
from tests.notify.mail.reading import HEAD, TOKENS, html_of, mail_of, read, received, text_of

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


def test_a_letter_begins_with_the_name_too() -> None:
    letter = LetterMail(
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
