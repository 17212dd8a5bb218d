"""Pure: signs a post (Standard Webhooks 1.0, sections "Signature scheme" and "Webhook headers")."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "whsec_"


def headers(post: str, body: bytes, *, secrets: Sequence[str], now: int) -> dict[str, str]:
    """The three headers of one attempt.

    `post` is the webhook-id, `now` is in seconds since 1970. `secrets` are base64 with the prefix
    `whsec_` (the settings take no other). There is a signature by each, so that a follower finds
    its own while a secret is being changed.
    """
    signed = b".".join([post.encode(), str(now).encode(), body])
    signatures = (f"v1,{_sign(signed, secret)}" for secret in secrets)
    return {
        "webhook-id": post,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(signatures),
    }


def _sign(signed: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    encoded = secret.removeprefix(_PREFIX)
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4))  # some tools leave out the padding
