"""An API key has one form, and who has another is nobody."""

import hashlib
import json
import re

import pytest
from redis.asyncio import Redis

from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.people.store import People

SECRET = "A-z_09" * 7 + "A"
"""43 characters, as 256 bits take in base64url."""


async def plant(redis: Redis, key: str) -> None:
    """As if `key` had been made."""
    kari = await People(redis).add("Kari", "editor")
    record = {
        "person": kari.id,
        "at": "2026-09-01T10:00:00Z",
        "sha256": hashlib.sha256(key.encode()).hexdigest(),
    }
    await redis.hset("ingest:keys", key.split("_")[1], json.dumps(record))


async def test_a_key_has_8_hexadecimal_digits_that_are_no_secret_and_43_characters_that_are(
    redis: Redis,
) -> None:
    key = await create_key(redis, "Kari", "editor")
    form = re.fullmatch(r"varsel_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", key)
    assert form
    found = await ApiKeys(redis).find(key)
    assert found is not None
    assert (found.id, found.person.name, found.person.role) == (form[1], "Kari", "editor")


@pytest.mark.parametrize(
    ("key", "known"),
    [
        (f"varsel_0a1b2c3d_{SECRET}", True),
        (f"varsel_0a1b2c3_{SECRET}", False),
        (f"varsel_0a1b2c3d4_{SECRET}", False),
        (f"varsel_0A1B2C3D_{SECRET}", False),
        (f"varsel_0a1b2c3g_{SECRET}", False),
        (f"varsel_0a1b2c3d_{SECRET[1:]}", False),
        (f"varsel_0a1b2c3d_{SECRET}A", False),
        (f"Varsel_0a1b2c3d_{SECRET}", False),
    ],
)
async def test_a_key_of_another_form_is_nobodys_even_if_its_hash_is_stored(
    redis: Redis, key: str, known: bool
) -> None:
    await plant(redis, key)
    assert (await ApiKeys(redis).find(key) is not None) is known


async def test_a_key_with_another_secret_or_another_id_is_nobodys(redis: Redis) -> None:
    one, other = [await create_key(redis, name, "editor") for name in ("Kari", "Ola")]
    for wrong in (one[:-1] + ("A" if one[-1] != "A" else "B"), one[:15] + other[15:]):
        assert wrong != one
        assert await ApiKeys(redis).find(wrong) is None
