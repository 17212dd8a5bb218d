import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.notify.posting import signature

SECRETS = st.binary(min_size=24, max_size=64).map(
    lambda key: "whsec_" + base64.b64encode(key).decode()
)
IDS = st.from_regex(r"[0-9a-z-]{8,80}", fullmatch=True)


@given(SECRETS, IDS, st.text(st.characters(exclude_categories=["Cs"])))
def test_somebody_elses_code_finds_the_signature_good(secret: str, post: str, body: str) -> None:
    headers = signature.headers(post, body.encode(), secrets=[secret], now=int(time.time()))
    Webhook(secret).verify(body, headers, json_parse=False)


@given(SECRETS, SECRETS.map(lambda secret: secret.rstrip("=")))
def test_another_secret_or_body_is_found_out(secret: str, other: str) -> None:
    headers = signature.headers("a-1", b"{}", secrets=[secret], now=int(time.time()))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"{} ", headers)
    if other != secret.rstrip("="):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(b"{}", headers)


def test_a_secret_without_padding_is_the_same_secret() -> None:
    secret = "whsec_" + base64.b64encode(b"x" * 25).decode()
    bare = secret.rstrip("=")
    assert bare != secret
    assert signature.headers("a", b"", secrets=[bare], now=1) == signature.headers(
        "a", b"", secrets=[secret], now=1
    )


@given(SECRETS, SECRETS)
def test_while_a_secret_is_changed_either_finds_the_signature_good(old: str, new: str) -> None:
    headers = signature.headers("a-1", b"{}", secrets=[old, new], now=int(time.time()))
    for secret in (old, new):
        Webhook(secret).verify(b"{}", headers)
