"""Links behind which a person of the staff says at which address they are told. Only notify sees
the address; here there is not even the link, once it is given out."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua
from shared.events import StaffAddressWanted
from shared.staff import AddressLink
from shared.trace import new_traceparent

PATH = "/beskjed/{token}/"
"""The page, which is notify's."""


class AddressLinks:
    """Its methods raise redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._script = lua.load(redis, Path(__file__).with_name("ask_address.lua"), lua.Done)

    async def make(self, person: str, life: timedelta) -> str:
        """The path of a page of this site on which the person with this id gives their address,
        once, within `life`. It works as soon as notify has heard of it."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        sha256 = hashlib.sha256(token.encode()).hexdigest()
        event = StaffAddressWanted(
            id=f"{person}.{sha256[:16]}.staff.address_wanted",
            source="/varsel/ingest",
            subject="staff",
            time=now,
            traceparent=new_traceparent(),
            data=AddressLink(person=person, token_sha256=sha256, expires=now + life),
        )
        await self._script(keys={"stream": "control"}, args={"event": lua.fields(event)})
        return PATH.format(token=token)
