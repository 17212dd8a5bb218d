"""Members' choices in Redis: strings with a byte for each number, 0 if it wants an alert, 7 if not.

`notify:choice:base` has 7 for each number that picked particular subjects. `notify:choice:{name}`
is of a subject, made when notify hears of it: whoever chose before wants it until they choose anew
(one that is not known yet is as base has it). Its name is a keyed hash, so that without notify's
keys nobody reads which subject it is. `notify:gone` has 7 for each number that left or was erased,
whatever it chose. What lies beyond a string's end is 0.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis

from services.notify.choices.subjects import subjects as known_subjects
from services.notify.vault.vault import Vault
from shared.bus import lua
from shared.bus.entry import Op
from shared.bus.lua import Script

GONE = "notify:gone"
BASE = "notify:choice:base"
OWN = "notify:choices"
"""The names of the strings that there are."""
_HERE = Path(__file__).parent
_WANTS = b"\0"


class Chosen(StrEnum):
    """The answers of choose.lua and carry_over.lua."""

    DONE = "done"
    GONE = "gone"
    LOOK_AGAIN = "look_again"


class Forgotten(StrEnum):
    """The answers of forget.lua."""

    DONE = "done"
    LOOK_AGAIN = "look_again"


class Choices:
    """What each number chose; `vault` names the strings. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault
        self._choose = lua.load(redis, _HERE / "choose.lua", Chosen)
        self._carry_over = lua.load(redis, _HERE / "carry_over.lua", Chosen)
        self._forget = lua.load(redis, _HERE / "forget.lua", Forgotten)

    async def set(self, number: int, subjects: Collection[str] | None) -> bool:
        """Member `number` wants alerts about these subjects, by their ids, or all alerts if there
        are none given (None). Subjects not named here are not wanted any more. Idempotent.

        False, without effect, if the number left or was erased.
        """
        picked = {self._name(subject) for subject in subjects or ()}
        offered = {self._name(subject.id) for subject in await known_subjects(self._redis)}
        while True:
            names = sorted(picked | await self._own())
            answer = await self._choose(
                keys=_keys(names),
                args={
                    "names": names,
                    "number": number,
                    "wants_all": subjects is None,
                    "picked": [name in picked for name in names],
                    "offered": [name in offered for name in names],
                },
            )
            if answer.word is not Chosen.LOOK_AGAIN:
                return answer.word is Chosen.DONE

    async def of(self, number: int) -> tuple[str, ...] | None:
        """The ids of the subjects that the number picked, of those that can be chosen now, in the
        order of their names; None if it wants all alerts. Those who left are told as before."""
        can = [subject.id for subject in await known_subjects(self._redis)]
        own = await self._own()
        there = [subject for subject in can if self._name(subject) in own]
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.getrange(BASE, number, number)
            for subject in there:
                pipe.getrange(string_key(self._name(subject)), number, number)
            base, *bytes_ = cast("list[bytes]", await pipe.execute())
        if _wants(base):
            return None
        return tuple(subject for subject, byte in zip(there, bytes_, strict=True) if _wants(byte))

    async def carry_over(self, old: int, new: int) -> bool:
        """A person's new number chooses what their `old` one did. Idempotent; false, without
        effect, if the new one left or was erased."""
        answer = await self._with_own(self._carry_over, {"old": old, "new": new})
        return answer is Chosen.DONE

    async def picky(self, numbers: Sequence[int]) -> frozenset[int]:
        """Those of `numbers` that picked particular subjects."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for number in numbers:
                pipe.getrange(BASE, number, number)
            found = cast("list[bytes]", await pipe.execute())
        found_by = zip(numbers, found, strict=True)
        return frozenset(number for number, byte in found_by if not _wants(byte))

    async def gone(self, number: int) -> None:
        """The number is erased: it gets nothing new, and what it chose is known no more.
        Idempotent. Leaving, which keeps the choices, is gone.lua in the script that leaves."""
        await self._with_own(self._forget, {"number": number})

    def wanted_by_all(self, subject: str) -> list[Op]:
        """What gives a new subject a string of its own, in which nobody has refused it. Of one that
        has a string it changes nothing."""
        name = self._name(subject)
        return [("SADD", OWN, name), ("SETRANGE", string_key(name), 0, _WANTS.decode())]

    def strings(self, subjects: Sequence[str] | None) -> list[str]:
        """The strings of these subjects, for the scripts that lay out an audience."""
        return [string_key(self._name(subject)) for subject in subjects or ()]

    async def _with_own(
        self, script: Script[Chosen] | Script[Forgotten], args: dict[str, Any]
    ) -> Chosen | Forgotten:
        """The script's answer, on all strings of subjects that there are."""
        while True:
            names = sorted(await self._own())
            word = (await script(keys=_keys(names), args={"names": names, **args})).word
            if word not in (Chosen.LOOK_AGAIN, Forgotten.LOOK_AGAIN):
                return word

    async def _own(self) -> frozenset[str]:
        found = cast("Collection[bytes]", await self._redis.smembers(OWN))
        return frozenset(name.decode() for name in found)

    def _name(self, subject: str) -> str:
        return self._vault.index(f"subject:{subject}".encode()).hex()


def string_key(name: str) -> str:
    return f"notify:choice:{name}"


def _keys(names: Sequence[str]) -> dict[str, lua.KeyNames]:
    return {"gone": GONE, "base": BASE, "own": OWN, "strings": [string_key(n) for n in names]}


def _wants(byte: bytes) -> bool:
    return byte in (b"", _WANTS)
