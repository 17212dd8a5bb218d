"""What an authenticator is to sign: for one browser and one purpose, for a while, and once.

A challenge carries its own proof, so that pages which strangers open leave nothing in Redis: only
one that was used is noted, until it would have ended by itself.
"""

import hmac
import secrets
import time

from redis.asyncio import Redis

LIFE_SECONDS = 15 * 60
"""How long a page with a challenge may stand open."""
_NONCE_BYTES, _UNTIL_BYTES, _PROOF_BYTES = 16, 6, 32


class Challenges:
    """Made and checked with one key of 32 bytes; `place` is how the keys in Redis begin that note
    which ones were used. `use` raises redis-py's errors."""

    def __init__(self, redis: Redis, place: str, key: bytes) -> None:
        self._redis = redis
        self._place = place
        self._key = key

    def make(self, browser: str, purpose: str) -> bytes:
        """A new challenge for the browser with this cookie. `purpose` says what the answer is for:
        one that was asked for to log in makes no passkey."""
        until = int(time.time()) + LIFE_SECONDS
        said = secrets.token_bytes(_NONCE_BYTES) + until.to_bytes(_UNTIL_BYTES)
        return said + self._proof(said, browser, purpose)

    async def use(self, challenge: bytes, browser: str, purpose: str) -> bool:
        """Whether this is a challenge of ours, for this browser and purpose, that has not ended and
        was not used; from now on it is."""
        said, proof = challenge[:-_PROOF_BYTES], challenge[-_PROOF_BYTES:]
        if not browser or len(said) != _NONCE_BYTES + _UNTIL_BYTES:
            return False
        if not hmac.compare_digest(proof, self._proof(said, browser, purpose)):
            return False
        if int.from_bytes(said[_NONCE_BYTES:]) <= time.time():
            return False
        place = f"{self._place}:{said[:_NONCE_BYTES].hex()}"
        return bool(await self._redis.set(place, "", nx=True, ex=LIFE_SECONDS))

    def _proof(self, said: bytes, browser: str, purpose: str) -> bytes:
        bound = b"\0".join((b"challenge", said, browser.encode(), purpose.encode()))
        return hmac.digest(self._key, bound, "sha256")
