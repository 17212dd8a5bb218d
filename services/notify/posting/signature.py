"""Pure: signs a post (Standard Webhooks 1.0, sections "Signature scheme" and "Webhook headers")."""

import base64
import binascii
import hashlib
import hmac

_PREFIX = "whsec_"


class WrongSecret(ValueError):
    """The follower's secret in the settings cannot sign."""


def headers(post: str, body: bytes, *, secret: str, now: int) -> dict[str, str]:
    """The three headers of one attempt.

    `post` is the webhook-id, `secret` is base64 with the prefix `whsec_`, `now` is in seconds since
    1970. WrongSecret where the secret is not of that form.
    """
    signed = b".".join([post.encode(), str(now).encode(), body])
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": post,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        raise WrongSecret(f"a webhook's secret begins with {_PREFIX}")
    encoded = secret.removeprefix(_PREFIX)
    padding = "=" * (-len(encoded) % 4)  # some tools leave it out
    try:
        return base64.b64decode(encoded + padding, validate=True)
    except binascii.Error:
        raise WrongSecret("a webhook's secret is base64 after its prefix") from None
