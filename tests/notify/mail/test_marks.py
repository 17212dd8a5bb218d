"""Nobody who writes an article gets a member's address or token to where they want, or a part of
their own into a mail: not by guessing the marks that stand for them, and not by knowing them."""

import binascii
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.marks import Marks, require_in_place
from services.notify.mail.not_mailable import NotMailable
from services.notify.mail.text import Letterhead, Variant
from services.notify.vault.tokens import TOKEN_LENGTH
from shared.revision import Change, Past, Revision
from tests.examples import examples
from tests.make import alert, all_alert_fields, revision
from tests.notify.mail.reading import HEAD, MARKS_KEY, STARTED, TOKENS, read, received

DELIVERY, EARLIER = "a1b2c3d4e5f6.3", ("a1b2c3d4e5f6.1", "a1b2c3d4e5f6.2")
SLOTS = ("to", "message_id", "token", "boundary", *EARLIER)
VARIANTS: tuple[Variant, ...] = ("alert", "correction", "withdrawal")
EMAIL = "kare@example.org"
SENTINEL = "0f" * (TOKEN_LENGTH // 2)
"""As a mark, and none of any mail."""
FULL = revision(
    alert(alert=all_alert_fields()),
    revision=3,
    change=Change(kind="correction", note="Dosen var feil."),
    history=(Past(revision=2, at=STARTED, change=Change(kind="correction", note="Feil pakning.")),),
).model_dump(mode="json")
Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        if isinstance(inner, dict | list):
            yield from leaves(inner, (*path, name))
        elif isinstance(inner, str):
            yield (*path, name)


def put(path: Path, text: str) -> Revision:
    """The revision with this text in one of its fields."""

    def copied(value: Any, path: Path) -> Any:
        if not path:
            return f"https://andre.example.org/{text}" if value.startswith("http") else text
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[path[0]] = copied(value[path[0]], path[1:])
        return copy

    return Revision.model_validate(copied(FULL, path))


def takes(path: Path) -> bool:
    """Whether the field is a text in which a mark could stand."""
    with suppress(ValidationError):
        put(path, SENTINEL)
        return path != ("id",)  # ingest's own, and in no text
    return False


FIELDS = [path for path in leaves(FULL) if takes(path)]


def mail(said: Revision, variant: Variant, head: Letterhead = HEAD) -> AlertMail:
    return AlertMail(
        said,
        delivery=DELIVERY,
        started=STARTED,
        head=head,
        marks_key=MARKS_KEY,
        variant=variant,
        earlier=EARLIER,
    )


def shown(built: AlertMail) -> str:
    """All that a reader of the mail, or their mail program, sees."""
    message = read(received(built.fill(7, EMAIL, "Kåre", TOKENS)))
    parts = [str(part.get_content()) for part in message.iter_parts()]
    return "\n".join([*map(str, message.values()), *parts])


def marks(variant: Variant, key: bytes = MARKS_KEY) -> Marks:
    return Marks(key, f"{DELIVERY} 3 {variant}")


def guessed(variant: Variant, slot: str) -> str:
    """A mark as it was made of what everybody can read, before there was a key."""
    return hashlib.sha256(f"{DELIVERY} 3 {variant} {slot}".encode()).hexdigest()[:TOKEN_LENGTH]


def test_the_fields_are_those_that_an_editor_writes() -> None:
    names = {".".join(part for part in path if isinstance(part, str)) for path in FIELDS}
    assert names >= {
        "slug", "change.note", "history.change.note", "article.title", "article.body",
        "article.sources.url", "article.alert.medicines.brands", "article.alert.medicines.batches",
        "article.alert.stop_advice.text", "article.alert.what_to_do",
        "article.alert.report.patient", "article.alert.authorities.reference",
    }  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("slot", SLOTS)
def test_a_mark_that_was_guessed_is_only_text(variant: Variant, slot: str) -> None:
    mark = guessed(variant, slot)
    secrets = (EMAIL, TOKENS.seal(7), *(TOKENS.reference(one, 7) for one in (DELIVERY, *EARLIER)))
    plain = shown(mail(Revision.model_validate(FULL), variant))
    for path in FIELDS:
        for text in (mark, f"--{mark}", f"--{mark}--"):
            with suppress(ValidationError):  # a slug has no dashes at its ends
                built = mail(put(path, text), variant)
                found = shown(built)
                assert [found.count(one) for one in secrets] == [plain.count(s) for s in secrets]
                content = received(built.fill(7, EMAIL, "Kåre", TOKENS))
                assert len(list(read(content).walk())) == 3


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("slot", SLOTS)
def test_a_mail_whose_text_has_a_mark_is_not_built_whichever_field_has_it(
    variant: Variant, slot: str
) -> None:
    mark = marks(variant).of(slot)
    refused = set()
    for path in FIELDS:
        if SENTINEL in shown(mail(put(path, SENTINEL), variant)):
            refused.add(path)
            with pytest.raises(NotMailable) as caught:
                mail(put(path, mark), variant)
            assert caught.value.why == "unsafe"
            assert not isinstance(caught.value, ValueError)  # that is laid to a member
            assert mark not in str(caught.value)
    assert len(refused) >= (4 if variant == "withdrawal" else 20)


texts = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cn", "Cs", "Zl", "Zp", "Co")), max_size=90
)


@given(
    st.sampled_from([path for path in FIELDS if "url" not in path and path != ("slug",)]),
    st.sampled_from(SLOTS),
    st.sampled_from(VARIANTS),
    texts,
    texts,
)
@settings(max_examples=examples(150))
def test_whatever_stands_around_a_mark_it_is_found(
    path: Path, slot: str, variant: Variant, before: str, after: str
) -> None:
    def said(mark: str) -> Revision | None:
        with suppress(ValidationError):
            return put(path, f"{before}{mark}{after}")
        return None

    harmless, hostile = said(SENTINEL), said(marks(variant).of(slot))
    if harmless is None or hostile is None or SENTINEL not in shown(mail(harmless, variant)):
        return
    with pytest.raises(NotMailable):
        mail(hostile, variant)


@pytest.mark.parametrize(
    "name", ["Forbundet {}", "Foreningen for ål {}", "Foreningen ål " * 9 + "{}"]
)
def test_a_mark_in_the_name_of_the_association_is_found_also_in_encoded_words(name: str) -> None:
    for slot in SLOTS:
        head = Letterhead(HEAD.site, name.format(marks("alert").of(slot)), HEAD.sender)
        with pytest.raises(NotMailable):
            mail(Revision.model_validate(FULL), "alert", head)


@pytest.mark.parametrize("before", range(80))
def test_a_mark_that_a_soft_line_break_cuts_is_found(before: int) -> None:
    encoded = binascii.b2a_qp(("x" * before + SENTINEL + "y").encode(), istext=True)
    encoded = encoded.replace(b"\n", b"\r\n")
    require_in_place(encoded, {"token": SENTINEL}, {"token": 1})
    with pytest.raises(NotMailable):
        require_in_place(encoded, {"token": SENTINEL}, {})


def test_a_mark_that_is_not_in_its_place_is_found_too() -> None:
    with pytest.raises(NotMailable):
        require_in_place(b"nothing", {"token": SENTINEL}, {"token": 1})


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_without_the_key_nobody_can_make_a_mark(one: bytes, other: bytes) -> None:
    made = {marks("alert", key).of(slot) for key in {one, other} for slot in SLOTS}
    assert len(made) == len({one, other}) * len(SLOTS)
    assert made.isdisjoint(guessed("alert", slot) for slot in SLOTS)
    assert all(len(mark) == TOKEN_LENGTH for mark in made)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_mark_is_left_in_a_mail_that_is_sent(variant: Variant) -> None:
    content = received(mail(Revision.model_validate(FULL), variant).fill(7, EMAIL, "", TOKENS))
    whole = content.replace(b"=\r\n", b"")
    for slot in SLOTS:
        assert whole.count(marks(variant).of(slot).encode()) == (4 if slot == "boundary" else 0)
