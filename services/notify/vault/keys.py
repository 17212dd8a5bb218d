"""notify's keys: random, kept in Redis, wrapped by the secret so that it can change."""

import os
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.asyncio import Redis

KEYS = "notify:keys"
"""Hash: name → the key, wrapped by the secret; and notify's epoch (see shared/bus/epoch.py), since
without these very keys its members are nobody."""
_NAMES = ("vault", "index", "token", "marks", "letters", "returns")
_NONCE_BYTES = 12


class WrongSecretKey(Exception):
    """The secret is not the one that the keys in Redis were wrapped with."""

    def __init__(self) -> None:
        super().__init__(
            "VARSEL_SECRET_KEY is not the secret that the members' data was sealed with. "
            "Set the former one, or, if none was set, bring back the file secret-key in "
            "VARSEL_DATA; without it the members cannot be read."
        )


@dataclass(frozen=True, repr=False)
class Keys:
    """The keys, 32 bytes each."""

    vault: bytes
    index: bytes
    token: bytes
    marks: bytes
    """For what stands in a mail until a member's values do; nobody else can know it."""
    letters: bytes
    """For the links and codes of letters: they are made with it, and kept hashed with it."""
    returns: bytes
    """For the addresses that mail comes back to."""


async def load(redis: Redis, *secrets: str) -> Keys:
    """The keys; WrongSecretKey if one of them is opened by none of `secrets`: the secret, and the
    former ones while it is being changed.

    Those that are not there are made: all at the first call, a new one after an upgrade."""
    # A wrong secret must not wrap a new key beside the old ones: no secret would open them all.
    opened(cast("Mapping[bytes, bytes]", await redis.hgetall(KEYS)), *secrets)
    wrapper = _wrapper(secrets[0])
    async with redis.pipeline(transaction=False) as pipe:
        for name in _NAMES:
            # Only the first of two processes that start together sets a key; both read it back.
            pipe.hsetnx(KEYS, name, _wrap(wrapper, name, os.urandom(32)))
        pipe.hgetall(KEYS)
        *_, wrapped = await pipe.execute()
    return Keys(**opened(wrapped, *secrets))


async def rewrap(redis: Redis, *secrets: str) -> None:
    """From now on the first of `secrets` opens all keys, which are as they were. Whoever has them
    open goes on. Idempotent, and whole wherever it is stopped: as long as the former secrets are
    known too, all keys open. WrongSecretKey as `load`."""
    wrapper = _wrapper(secrets[0])
    while True:
        found = cast("Mapping[bytes, bytes]", await redis.hgetall(KEYS))
        keys = opened(found, *secrets)
        if not keys or _is_opened_by(wrapper, found):
            return
        anew = [part for name, key in keys.items() for part in (name, _wrap(wrapper, name, key))]
        await redis.hset(KEYS, items=anew)
        # Once more: a process that starts now after an upgrade may add a key.


async def wrapped(redis: Redis) -> dict[bytes, bytes]:
    """The keys that are there, by name, each wrapped by the secret."""
    found = cast("dict[bytes, bytes]", await redis.hgetall(KEYS))
    return {name.encode(): found[name.encode()] for name in _NAMES if name.encode() in found}


async def put(redis: Redis, found: Mapping[bytes, bytes]) -> None:
    """Put wrapped keys where none of that name is."""
    for name, value in found.items():
        await cast("Awaitable[bool]", redis.hsetnx(KEYS, name, value))


def opened(found: Mapping[bytes, bytes], *secrets: str) -> dict[str, bytes]:
    """Wrapped keys as they are, by name; WrongSecretKey if one is opened by none of `secrets`."""
    wrappers = [_wrapper(secret) for secret in secrets]
    return {
        name: _unwrap(wrappers, name, sealed)
        for name in _NAMES
        if (sealed := found.get(name.encode()))
    }


def _wrapper(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"varsel notify keys").derive(secret.encode()))


def _wrap(wrapper: AESGCM, name: str, key: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + wrapper.encrypt(nonce, key, name.encode())


def _unwrap(wrappers: Sequence[AESGCM], name: str, sealed: bytes) -> bytes:
    for wrapper in wrappers:
        with suppress(InvalidTag):
            return wrapper.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
    raise WrongSecretKey


def _is_opened_by(wrapper: AESGCM, found: Mapping[bytes, bytes]) -> bool:
    try:
        for name in _NAMES:
            if sealed := found.get(name.encode()):
                _unwrap([wrapper], name, sealed)
    except WrongSecretKey:
        return False
    return True
