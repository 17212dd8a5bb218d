"""Flow: keys from before there were persons get one, once, at a start.

Such a key has a name and a role. Names that differ only in case or spaces were one person's, and
still are; the person may do what the most that one of their keys might.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.keys import KeyChanged, KeyRecord
from services.ingest.people.person import ROLES, Person
from services.ingest.people.store import KEYS, OPERATOR, NameTaken, People
from shared.bus import lua
from shared.bus.streams import text
from shared.revision import carried_id, folded_name

_HERE = Path(__file__).parent


class CarryOver:
    """Its call raises redis-py's errors. It may break off anywhere and be done again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._people = People(redis)
        self._trail = Trail(redis)
        self._change = lua.load(redis, _HERE / "change_key.lua", KeyChanged)

    async def __call__(self) -> None:
        """Give each key without a person the one that its name stands for."""
        for keys in by_person(await self._redis.hgetall(KEYS)).values():
            person = await self._person(list(keys.values()))
            for key_id, old in keys.items():
                while not await self._give(key_id, old, person):
                    pass

    async def _person(self, keys: list[dict[str, Any]]) -> Person:
        name = keys[0]["name"]
        role = max((one["role"] for one in keys), key=ROLES.index)
        try:
            return await self._people.add(name, role, id_=carried_id(name))
        except NameTaken as taken:
            return taken.person

    async def _give(self, key_id: str, old: dict[str, Any], person: Person) -> bool:
        before = text(await self._redis.hget(KEYS, key_id) or b"")
        if not before or "person" in json.loads(before):
            return True
        record = KeyRecord(person=person.id, sha256=old["sha256"], at=datetime.now(UTC))
        detail = {"key": key_id, "person": person.id, "name": old["name"], "role": old["role"]}
        prepared = await self._trail.prepare([TrailAction(OPERATOR, "key_carried", detail=detail)])
        answer = await self._change(
            keys={"keys": KEYS} | prepared.keys,
            args={"id": key_id, "before": before, "after": record.model_dump_json()}
            | prepared.args,
        )
        return answer.word is KeyChanged.DONE


def by_person(stored: Mapping[bytes | str, bytes | str]) -> dict[str, dict[str, dict[str, Any]]]:
    """The records of keys without a person, by id, for each name as names are compared."""
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for key_id, raw in stored.items():
        record = json.loads(raw)
        if "person" not in record:
            found[folded_name(record["name"])][text(key_id)] = record
    return found
