"""A passkey lets in whoever holds it, has shown that to it, and is on our site."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.passkeys.ceremonies import BrowserAnswer, Ceremonies, Passkey, PasskeyRefused
from tests.authenticator import Authenticator

SITE = "https://varsel.example.org"
CHALLENGE = b"c" * 54
OTHER = b"d" * 54
HERE = Ceremonies(SITE, lambda: "Eksempelforeningen")


def _ask() -> str:
    return HERE.to_make(CHALLENGE, handle=b"7", name="Kari")


def _phone() -> tuple[Authenticator, Passkey]:
    phone = Authenticator(SITE)
    return phone, HERE.made(phone.make(_ask()), CHALLENGE)


def test_a_passkey_that_was_made_logs_in() -> None:
    phone, passkey = _phone()
    count = HERE.used(phone.use(HERE.to_log_in(CHALLENGE)), CHALLENGE, passkey)
    assert count == 1
    assert BrowserAnswer.of(phone.use(HERE.to_log_in(OTHER))) == BrowserAnswer(
        passkey.id, OTHER, "Nw"
    )


def test_what_is_asked_requires_that_the_holder_is_checked_and_names_what_they_have() -> None:
    ask = json.loads(HERE.to_make(CHALLENGE, handle=b"7", name="Kari", has=["YWJj"]))
    assert ask["authenticatorSelection"]["userVerification"] == "required"
    assert ask["authenticatorSelection"]["residentKey"] == "required"
    assert ask["rp"] == {"id": "varsel.example.org", "name": "Eksempelforeningen"}
    assert [one["id"] for one in ask["excludeCredentials"]] == ["YWJj"]
    use = json.loads(HERE.to_log_in(CHALLENGE))
    assert (use["userVerification"], use["rpId"]) == ("required", "varsel.example.org")


_WRONG: list[tuple[Authenticator, bytes, dict[str, str]]] = [
    (Authenticator(SITE, verifies=False), CHALLENGE, {}),
    (Authenticator("https://annen.example.net"), CHALLENGE, {}),
    (Authenticator("http://varsel.example.org"), CHALLENGE, {}),
    (Authenticator(SITE), OTHER, {}),
    (Authenticator(SITE), CHALLENGE, {"type": "payment.get"}),
]


@pytest.mark.parametrize(("phone", "challenge", "claimed"), _WRONG)
def test_an_answer_that_is_not_for_us_makes_no_passkey_and_lets_nobody_in(
    phone: Authenticator, challenge: bytes, claimed: dict[str, str]
) -> None:
    with pytest.raises(PasskeyRefused):
        HERE.made(phone.make(_ask(), **claimed), challenge)
    honest = Authenticator(SITE)
    passkey = HERE.made(honest.make(_ask()), CHALLENGE)
    phone.credentials = honest.credentials
    with pytest.raises(PasskeyRefused):
        HERE.used(phone.use(HERE.to_log_in(CHALLENGE), **claimed), challenge, passkey)


def test_one_passkey_is_not_another() -> None:
    _, passkey = _phone()
    stranger, _ = _phone()
    with pytest.raises(PasskeyRefused):
        HERE.used(stranger.use(HERE.to_log_in(CHALLENGE)), CHALLENGE, passkey)
    ours = json.loads(stranger.use(HERE.to_log_in(CHALLENGE)))
    mixed = json.dumps(ours | {"id": passkey.id, "rawId": passkey.id})
    with pytest.raises(PasskeyRefused):
        HERE.used(mixed, CHALLENGE, passkey)


def test_a_copy_of_an_authenticator_is_found_out_by_its_count() -> None:
    phone, passkey = _phone()
    phone.credentials[0].count = 4
    used = Passkey(passkey.id, passkey.public_key, 9, is_synced=False)
    with pytest.raises(PasskeyRefused):
        HERE.used(phone.use(HERE.to_log_in(CHALLENGE)), CHALLENGE, used)


@pytest.mark.parametrize(
    ("site", "can_be"),
    [
        ("https://varsel.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]:8000", False),
        ("http://varsel.example.org", False),
    ],
)
def test_passkeys_are_where_browsers_make_them(site: str, *, can_be: bool) -> None:
    assert Ceremonies(site, lambda: "x").can_be is can_be


_FIELDS = ("id", "rawId", "response", "type", "clientDataJSON", "challenge")
_MORE = ("attestationObject", "authenticatorData", "signature")
_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_FIELDS + _MORE), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.text(max_size=60) | _json.map(json.dumps))
def test_what_is_no_answer_is_refused(said: str) -> None:
    _, passkey = _PHONE
    for check in (
        lambda: BrowserAnswer.of(said),
        lambda: HERE.made(said, CHALLENGE),
        lambda: HERE.used(said, CHALLENGE, passkey),
    ):
        with pytest.raises(PasskeyRefused):
            check()


_PHONE = _phone()
