"""One entry of a stream in the hands of a handler, and what a handler may say about it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from shared.bus.letter import DeadLetter
from shared.events import Event, to_fields


class AnswerBefore(Enum):
    """Stands in a write in the place of an argument."""

    NUMBER = "number"
    """The whole number that Redis answered to the write before it."""


Op = tuple[str | int | float | AnswerBefore, ...]
"""A Redis write: command, key, arguments."""


class Surroundings(Exception):
    """Not the event's fault: something around it is not ready. Wait, and try again.

    `reason` is a short stable word for logs and health, such as `relay_down`. Health turns red once
    the wait has lasted `alarm_after` seconds.
    """

    def __init__(self, reason: str, *, alarm_after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.alarm_after = alarm_after


class Result(StrEnum):
    """What became of a commit: the answers of commit.lua."""

    DONE = "done"
    OLDER = "older"
    """The state is as new already; nothing was written, the entry is acknowledged."""
    GONE = "gone"
    """Another worker settled the entry first; nothing was written."""


@dataclass(frozen=True)
class Effects:
    """What an event brings about, all of it or nothing."""

    newer_than: tuple[str, str, int] | None = None
    """Hash, field and revision: there are effects only while the stored integer is lower."""
    ops: Sequence[Op] = ()
    events: Sequence[tuple[str, Event]] = ()
    """Stream and event; they are published before the ops are done."""
    supersedes: tuple[str, str] | None = None
    """Hash and field with the entry that the event, which must be the only one, stands in the place
    of. It goes from the stream, unless somebody has it in hand; the field then has the new one."""

    def script_input(self) -> tuple[dict[str, str | list[str] | None], dict[str, Any]]:
        """Keys and arguments of commit.lua, without the fence's own."""
        newer_than, field, revision = self.newer_than or (None, "", None)
        keys: list[str] = []
        steps: list[list[str | int]] = []

        def step(command: str, key: str, arguments: Sequence[str | float | AnswerBefore]) -> None:
            if key not in keys:
                keys.append(key)
            given = (one is AnswerBefore.NUMBER or str(one) for one in arguments)
            steps.append([command, keys.index(key) + 1, *given])

        for stream, event in self.events:
            step("XADD", stream, ["*", *(p for pair in to_fields(event).items() for p in pair)])
        for command, key, *arguments in self.ops:
            step(str(command), str(key), arguments)
        superseded, entry_field = self.supersedes or (None, "")
        return (
            {"newer_than": newer_than, "superseded": superseded, "written": list(keys)},
            {
                "field": field,
                "revision": revision,
                "entry_field": entry_field,
                "steps": steps,
            },
        )


_NOTHING = Effects()


@dataclass(frozen=True)
class Place:
    """Where an entry is, and who has it."""

    stream: str
    group: str
    consumer: str
    id: str
    """Of the stream entry; an event's own is `event.id`."""


@dataclass
class Entry:
    """An event as one consumer got it."""

    place: Place
    event: Event | DeadLetter
    """A dead letter only on a stream of dead letters: it need not be an event that can be read."""
    _commit: Callable[[Place, Effects], Awaitable[Result]]
    settled: bool = False

    @property
    def stream(self) -> str:
        return self.place.stream

    @property
    def group(self) -> str:
        return self.place.group

    @property
    def consumer(self) -> str:
        return self.place.consumer

    @property
    def id(self) -> str:
        return self.place.id

    async def commit(self, effects: Effects = _NOTHING) -> Result:
        """Bring about `effects` and acknowledge the entry, in one step.

        Raises redis-py's errors; let them pass, the bus knows which are the surroundings'.
        """
        result = await self._commit(self.place, effects)
        self.settled = True
        return result


Handler = Callable[[Entry], Awaitable[None]]
