"""Mail to many members of one domain, or to most of its few, comes back at once: the host is at
fault, and no address.

The marks of that hour are taken back, and staff are told.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from services.notify.bounces import metrics
from services.notify.bounces.marks import SURGE_OF_FEW_MEMBERS, in_an_hour, is_surge
from services.notify.bounces.store import Bounces, Surge
from services.notify.ledger.delivery import count_handed_over, find
from services.notify.members.member import DOES_NOT_OPEN
from services.notify.members.store import Members
from shared import log

_SAMPLES = 10
"""Samples of a hundred members, from all numbers, by which it is estimated which part of them a
domain has."""


async def take_back(
    store: Bounces, members: Members, domains: Iterable[str], *, now: datetime
) -> None:
    """Take the marks of each domain back that has a surge now."""
    for domain in sorted(set(domains)):
        hashed = store.domain(f"@{domain}")
        heard = await store.heard(hashed, now=now)
        count = len({number for number, _ in heard})
        if count < SURGE_OF_FEW_MEMBERS:
            continue
        mailed = await _mailed(members, {delivery for _, delivery in heard})
        # In a large association the sample may have nobody of a small domain.
        if not is_surge(count, of=mailed * await _part(members, domain) or None):
            continue
        await store.void(heard, hashed, Surge(domain, count, now))
        metrics.surged()
        log.get("notify").warning("bounce_surge", members=count)


async def _mailed(members: Members, deliveries: Iterable[str]) -> float:
    """About how many members the largest of these deliveries mailed within an hour. A slow one does
    not hide a surge behind all whom it has mailed before, or never will; nor does a second one,
    as of a correction, which mails the same members again."""
    mailed = 0.0
    for id_ in deliveries:
        with suppress(LookupError):
            delivery = await find(members.redis, id_)
            handed_over = await count_handed_over(members.redis, id_)
            mailed = max(mailed, in_an_hour(handed_over, delivery.tried_at - delivery.started))
    return mailed


async def _part(members: Members, domain: str) -> float:
    """About which part of all members has an address at the domain, from the records of some."""
    last = await members.last()
    seen: dict[int, bool] = {}
    for _ in range(_SAMPLES):
        for number, sealed in (await members.some_records(last)).items():
            try:
                email = members.open(number, sealed).email
            except DOES_NOT_OPEN:
                continue
            seen[number] = email.endswith(f"@{domain}")
    return sum(seen.values()) / len(seen) if seen else 0.0
