"""What is known of one member, for their page; `everything/` has the rest of it."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from services.notify.bounces.marks import AddressStanding, standing
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.choices.subjects import subjects
from services.notify.member_pages.history.read_history import alerts_of
from services.notify.member_pages.visit import LoggedIn
from services.notify.members.store import CONSENTS, Members
from services.notify.passkeys.store import MemberPasskeys


async def about(
    members: Members,
    choices: Choices,
    bounces: Bounces,
    passkeys: MemberPasskeys,
    person: LoggedIn,
) -> dict[str, Any]:
    """What is kept of a member besides their record; raises redis-py's errors."""
    redis, now = members.redis, datetime.now(UTC)
    numbers = await members.numbers_of(person.number)
    kept = cast("bytes | None", await redis.hget(CONSENTS, person.member.consent))
    chosen = await choices.of(person.number)
    marks = [mark for each in (await bounces.marks(numbers)).values() for mark in each]
    address = bounces.address(person.member.email)
    named = {subject.id: subject for subject in await subjects(redis)}
    return {
        "numbers": numbers,
        "consent": json.loads(kept) if kept else None,
        "passkeys": await passkeys.of(numbers),
        "chosen": None if chosen is None else [named[id_] for id_ in chosen if id_ in named],
        "alerts": await alerts_of(redis, numbers, now, {m.delivery: m.code for m in marks}),
        "is_unreachable": standing(marks, address=address, now=now) is AddressStanding.GONE,
    }
