"""Pure: what rings after a look, and what is kept of it. Nothing rings twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from varsel.guard.judge import GuardTrouble, Patience, progress, troubles, unknown_kinds
from varsel.guard.sight import Memory, Message, OpenTrouble, Sight

WELL_AFTER = timedelta(seconds=60)
"""How long a trouble must not be seen before it is over: else one that comes and goes would never
last, or ring each time."""


def after(memory: Memory, sight: Sight, limits: Patience, channels: Sequence[str]) -> Memory:
    """What is kept after this look. What is to be told by `channels` is in `unsent`."""
    known = memory.model_copy(
        update={
            "alerts": memory.alerts if sight.api else list(sight.alerts),
            "progress": progress(sight, memory.progress),
        }
    )
    now = {one.key: one for one in troubles(sight, known, limits)}
    unknown = unknown_kinds(sight)
    is_kept = {key for key in memory.troubles if key.partition(" ")[0] in unknown}
    kept = {
        key: one
        for key, one in memory.troubles.items()
        if key not in now and (key in is_kept or sight.at - one.last_seen < WELL_AFTER)
    }
    over = [
        one.words
        for key, one in memory.troubles.items()
        if key not in now and key not in kept and one.rung
    ]
    seen = {key: _seen(one, memory.troubles.get(key), sight.at) for key, one in now.items()}
    new = [
        one.words
        for key, one in seen.items()
        if one.rung and not (key in memory.troubles and memory.troubles[key].rung)
    ]
    told = [*_told(new, sight.at, channels, is_fault=True)]
    told += _told(over, sight.at, channels, is_fault=False)
    return known.model_copy(update={"troubles": kept | seen, "unsent": [*memory.unsent, *told]})


def rung(memory: Memory) -> list[str]:
    """What has rung and is not over, in words."""
    return [one.words for one in memory.troubles.values() if one.rung]


def _seen(trouble: GuardTrouble, before: OpenTrouble | None, at: datetime) -> OpenTrouble:
    since = trouble.since or (before.since if before else at)
    return OpenTrouble(
        since=since,
        last_seen=at,
        words=trouble.words,
        rung=(before is not None and before.rung) or at - since >= trouble.limit,
    )


def _told(
    lines: Sequence[str], at: datetime, channels: Sequence[str], *, is_fault: bool
) -> Iterable[Message]:
    if lines:
        yield Message(at=at, is_fault=is_fault, lines=list(lines), by=list(channels))
