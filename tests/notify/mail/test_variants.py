"""A correction and a withdrawal say first what has changed; and what an alert may say besides."""

from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from services.notify.mail import wording
from services.notify.mail.alert_mail import AlertMail
from shared.revision import Change, Past
from tests.make import alert, alert_fields, all_alert_fields, revision
from tests.notify.mail.reading import (
    HEAD,
    MARKS_KEY,
    STARTED,
    TOKENS,
    html_of,
    read,
    received,
    sent,
    text_of,
)


def changed_mail(kind: str, earlier: int = 1, lang: str = "nb", **alert_: Any) -> EmailMessage:
    note = "Dosen var feil: den er 5 mg, ikke 50 mg."
    article = alert(lang=lang, alert=all_alert_fields() | alert_)
    said = revision(article, revision=99, change=Change(kind=kind, note=note))  # type: ignore[arg-type]
    mail = AlertMail(
        said,
        delivery=f"{said.id}.99",
        started=STARTED,
        head=HEAD,
        marks_key=MARKS_KEY,
        variant=kind,  # type: ignore[arg-type]
        earlier=[f"{said.id}.{number}" for number in range(1, earlier + 1)],
    )
    return read(received(mail.fill(7, "kare@example.org", "Kåre", TOKENS)))


@pytest.mark.parametrize("kind", ["correction", "withdrawal"])
def test_a_thread_of_any_length_has_lines_that_relays_take(kind: str) -> None:
    message = changed_mail(kind, earlier=60)
    headers = message.as_bytes(policy=policy.SMTP).partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in headers.split(b"\r\n"))
    ids = [
        f"<a1b2c3d4e5f6.{n}.{TOKENS.reference(f'a1b2c3d4e5f6.{n}', 7)}@post.example.org>"
        for n in range(1, 61)
    ]
    assert message["References"].split() == ids
    assert message["In-Reply-To"] == ids[-1]
    assert message["Message-ID"] not in ids
    assert not message.defects


def test_a_first_mail_answers_none() -> None:
    message = read(sent(alert()))
    assert message["In-Reply-To"] is message["References"] is None


@pytest.mark.parametrize("part", [text_of, html_of])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
@pytest.mark.parametrize("mode", ["actual", "exercise", "test"])
def test_a_changed_alert_says_so_first_in_its_language(
    part: Callable[[EmailMessage], str], lang: str, mode: str
) -> None:
    exercise = {"nb": "ØVELSE: ", "nn": "ØVING: ", "en": "EXERCISE: "}[lang]
    prefix = {"actual": "", "exercise": exercise, "test": "TEST: "}[mode]
    words = wording.labels(lang)  # type: ignore[arg-type]
    corrected, withdrawn = (changed_mail(k, lang=lang, mode=mode) for k in
                            ("correction", "withdrawal"))  # fmt: skip
    begins = {
        "nb": ("RETTET: ", "TRUKKET: "),
        "nn": ("RETTA: ", "TREKT: "),
        "en": ("CORRECTED: ", "WITHDRAWN: "),
    }[lang]
    assert str(corrected["Subject"]).startswith(prefix + begins[0] + words.alert)
    assert str(withdrawn["Subject"]).startswith(prefix + begins[1] + words.alert)
    for message, heading in (
        (corrected, words.change.corrected),
        (withdrawn, words.change.withdrawn),
    ):
        found = part(message).casefold()
        order = [found.index(said.casefold()) for said in (heading, "Dosen var feil")]
        assert order == sorted(order)
        assert words.change.why_you.casefold() in found
        banner = wording.labels(lang).not_real["test"].partition(".")[2].casefold()  # type: ignore[arg-type]
        assert (banner in found) == (mode != "actual")
    found = part(corrected).casefold()
    assert found.index("dosen var feil") < found.index(words.what_happened.casefold())
    gone = part(withdrawn).casefold()
    for old in ("bestill time hos legen", "ikke slutt uten", words.seek_help_if.casefold()):
        assert old not in gone
    assert "▼exempla (eksempelinib)" in gone


def test_every_earlier_correction_is_told_the_newest_first() -> None:
    """One that was superseded half-way has not reached everybody."""
    past = [
        Past(revision=1, at=STARTED),
        Past(revision=2, at=STARTED, change=Change(kind="correction", note="Den første.")),
        Past(revision=3, at=STARTED, change=Change(kind="edit")),
        Past(revision=4, at=STARTED, change=Change(kind="correction", note="Den andre.")),
    ]
    said = revision(alert(), revision=5, change=Change(kind="edit"), history=past)
    mail = AlertMail(
        said,
        delivery="a1b2c3d4e5f6.4",
        started=STARTED,
        head=HEAD,
        marks_key=MARKS_KEY,
        variant="correction",
    )
    for part in (text_of, html_of):
        found = part(read(received(mail.fill(7, "kare@example.org", "", TOKENS))))
        assert found.index("Den andre.") < found.index(
            "Rettet tidligere, 1. september 2026: Den første."
        )


@pytest.mark.parametrize("part", [text_of, html_of])
def test_what_an_alert_may_say_besides_is_in_the_mail_in_words(
    part: Callable[[EmailMessage], str],
) -> None:
    found = part(read(sent(alert(alert=all_alert_fields()))))
    for said in (
        "alvorlig – haster",
        "Eldre over 65 år",
        "Personer som røyker",
        "Ulcerøs kolitt",
        "Leddgikt",
        "Batchnummer: A1234, B5678",
        "Gjelder fra 2. september 2026.",
        "Vurderes på nytt senest 1. desember 2126.",
        "Nabotilsynet, N/7/2026",
        "https://nabo.example.org/7",
        "Verdenstilsynet",
    ):
        assert said.casefold() in found.casefold()
    plain = part(read(sent(alert()))).casefold()
    for word in ("haster", "batchnummer", "særlig utsatt", "gjelder fra", "varsler også"):
        assert word not in plain


@pytest.mark.parametrize("urgency", ["expected", "future", "past", "unknown"])
def test_only_what_is_urgent_says_that_it_is(urgency: str) -> None:
    said = alert_fields() | {"urgency": urgency}
    assert "haster" not in text_of(read(sent(alert(alert=said)))).casefold()
