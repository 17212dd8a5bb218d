"""Pure: signs a post (Standard Webhooks 1.0, sections "Signature scheme" and "Webhook headers")."""

import base64
import hashlib
import hmac

_PREFIX = "whsec_"


def headers(post: str, body: bytes, *, secret: str, now: int) -> dict[str, str]:
    """The three headers of one attempt.

    `post` is the webhook-id, `secret` is base64 with the prefix `whsec_` (the settings take no
    other), `now` is in seconds since 1970.
    """
    signed = b".".join([post.encode(), str(now).encode(), body])
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": post,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _key(secret: str) -> bytes:
    encoded = secret.removeprefix(_PREFIX)
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4))  # some tools leave out the padding
