"""A mail is signed so that others' programs say that it is whole, and is the same when it is sent
again."""

import dataclasses
import re
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from dkim.canonicalization import Relaxed
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.dkim import relaxed_body, signing_key
from services.notify.mail.text import Variant
from shared.revision import Change
from tests.examples import examples
from tests.make import alert, revision
from tests.notify.mail.dkim_keys import both_are_whole, ed25519_pem, pem, rsa_pem, signer
from tests.notify.mail.reading import HEAD, MARKS_KEY, STARTED, TOKENS, received

SLOW = settings(max_examples=examples(25))
texts = st.lists(
    st.sampled_from([".", "..", "a", " ", "  ", "\t", "=", "\n", "æ", "www.example.org", "x" * 90]),
    max_size=60,
).map("".join)
names = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cn", "Cs", "Zl", "Zp")), max_size=100
).map(lambda text: " ".join(text.split()))


def mail(text: str = "Leverskade.", variant: Variant = "alert", **changes: object) -> AlertMail:
    article = alert()
    assert article.alert
    said = article.alert.model_copy(update={"what_happened": text or "."})
    return AlertMail(
        revision(
            article.model_copy(update={"alert": said}),
            change=Change(kind="correction", note="Feil råd."),
        ),
        delivery="a1b2c3d4e5f6.2",
        started=STARTED,
        head=dataclasses.replace(HEAD, signer=signer(), **changes),
        marks_key=MARKS_KEY,
        variant=variant,
        earlier=[] if variant == "alert" else ["a1b2c3d4e5f6.0", "a1b2c3d4e5f6.1"],
    )


def filled(one: AlertMail, name: str = "Kåre Ødegård", number: int = 7) -> bytes:
    return received(one.fill(number, "kare@example.org", name, TOKENS))


@given(texts, names, st.sampled_from(["alert", "correction", "withdrawal"]))
@SLOW
def test_both_signatures_are_whole_by_another_program_whatever_is_said(
    text: str, name: str, variant: Variant
) -> None:
    content = filled(mail(text, variant), name)
    assert content.count(b"DKIM-Signature: ") == 2
    assert both_are_whole(content)


def test_both_ways_to_leave_are_signed() -> None:
    content = filled(mail(leave_address="slutt@retur.example.org"))
    assert b"mailto:slutt@retur.example.org" in content
    assert both_are_whole(content)
    assert not both_are_whole(content.replace(b"slutt@", b"andre@", 1))


@given(texts, names, st.integers(1, 10**9))
@SLOW
def test_what_is_prepared_once_signs_as_if_each_mail_were_read_anew(
    text: str, name: str, number: int
) -> None:
    content = filled(mail(text), name, number)
    lines = re.match(rb"(DKIM-Signature: .*?\r\n(?=From: ))", content, re.DOTALL)
    assert lines
    assert signer().sign(content[lines.end() :], STARTED) == lines[1]


def test_a_mail_sent_again_has_the_same_signatures_dated_at_the_deliverys_start() -> None:
    assert filled(mail()) == filled(mail())
    assert f"t={int(STARTED.timestamp())};".encode() in filled(mail())


@pytest.mark.parametrize(
    "line",
    [
        b"From: Andre <andre@example.org>",
        b"To: andre@example.org",
        b"Subject: Noe annet",
        b"Date: Wed, 02 Sep 2026 10:00:00 +0000",
        b"Reply-To: andre@example.org",
        b"Message-ID: <andre@example.org>",
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain",
        b"List-Id: <andre.example.org>",
        b"List-Unsubscribe: <https://andre.example.org/>",
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"In-Reply-To: <andre@example.org>",
        b"References: <andre@example.org>",
    ],
)
@pytest.mark.parametrize("where", ["first", "last"])
def test_nobody_adds_a_second_header_nor_one_that_was_not_there(line: bytes, where: str) -> None:
    content = filled(mail(reply_to=""))
    assert both_are_whole(content)
    head, _, body = content.partition(b"\r\n\r\n")
    more = [line, head] if where == "first" else [head, line]
    assert not both_are_whole(b"\r\n".join(more) + b"\r\n\r\n" + body)


def test_nobody_changes_a_word_or_adds_to_the_end() -> None:
    content = filled(mail())
    token = TOKENS.seal(7).encode()
    other = TOKENS.seal(8).encode()
    assert not both_are_whole(content.replace(b"Leverskade", b"Leverskake"))
    assert not both_are_whole(content + b"Mer.\r\n")
    assert not both_are_whole(content.replace(token, other, 1))


def test_a_mail_without_keys_has_no_signature() -> None:
    content = received(
        AlertMail(
            revision(alert()), delivery="a1b2c3d4e5f6.1", started=STARTED, head=HEAD,
            marks_key=MARKS_KEY,
        ).fill(7, "k@example.org", "", TOKENS)
    )  # fmt: skip
    assert b"DKIM" not in content


@given(st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"=", b"."]), max_size=30))
def test_a_body_is_relaxed_as_another_program_does_it(parts: list[bytes]) -> None:
    body = b"".join(parts) + b"\r\n"
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


@pytest.mark.parametrize(
    "wrong",
    ["", "no key", rsa_pem(1024), pem(ec.generate_private_key(ec.SECP256R1()))],
    ids=["nothing", "no PEM", "a short key", "another kind"],
)
def test_a_key_that_signs_nothing_that_others_trust_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="key"):
        signing_key(wrong, "varsel")


@pytest.mark.parametrize("selector", ["", "a b", "a;b", "-a", "a..b", "å"])
def test_a_selector_is_a_name_in_dns(selector: str) -> None:
    with pytest.raises(ValueError, match="selector"):
        signing_key(ed25519_pem(), selector)


def test_the_date_is_in_whole_seconds() -> None:
    at = datetime.fromisoformat("2026-09-01T10:00:00.900+00:00")
    assert b"t=1788256800;" in signer().sign(b"From: a@example.org\r\n\r\nHei\r\n", at)
