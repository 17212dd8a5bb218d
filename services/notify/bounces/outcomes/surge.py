"""Mail to many members of one domain comes back at once: the host is at fault, and no address.

The marks of that hour are taken back, and staff are told.
"""

from collections.abc import Iterable
from datetime import datetime

from cryptography.exceptions import InvalidTag

from services.notify.bounces.marks import SURGE_MEMBERS, is_surge
from services.notify.bounces.store import Bounces, Surge
from services.notify.members.store import Members
from shared import log

_SAMPLES = 10
"""Of a hundred members each, from all over, to tell how many members a domain has."""


async def take_back(
    store: Bounces, members: Members, domains: Iterable[str], *, now: datetime
) -> None:
    """Take the marks of each domain back that has a surge now."""
    for domain in sorted(set(domains)):
        hashed = store.domain(f"@{domain}")
        heard = await store.heard(hashed, now=now)
        count = len({number for number, _ in heard})
        if count < SURGE_MEMBERS or not is_surge(count, of=await _size(members, domain)):
            continue
        await store.void(heard, hashed, Surge(domain, count, now))
        log.get("notify").warning("bounce_surge", members=count)


async def _size(members: Members, domain: str) -> float:
    """About how many members have an address at the domain, from the records of some."""
    last = await members.last()
    seen: dict[int, bool] = {}
    for _ in range(_SAMPLES):
        for number, sealed in (await members.some_records(last)).items():
            try:
                email = members.open(number, sealed).email
            except (InvalidTag, TypeError, ValueError):
                continue
            seen[number] = email.endswith(f"@{domain}")
    return last * sum(seen.values()) / len(seen) if seen else 0.0
