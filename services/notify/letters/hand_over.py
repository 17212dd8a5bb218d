"""Letters' way to the relay: a connection of their own, else between two mails of a delivery."""

import asyncio
from collections.abc import Callable, Sequence

from services.notify.relay.connection import Mail
from services.notify.relay.limits import Grant, Limits, Use
from services.notify.relay.pool import Pool
from services.notify.relay.replies import Meaning, Reply

IDLE_SECONDS = 2.0
"""How long the letters' own connection is kept without any. A relay may allow only one connection,
and an alert must not wait for one that is idle."""


class HandOver:
    """Hands one letter at a time over, several at once."""

    def __init__(self, *, own: Pool | None, shared: Pool, limits: dict[Use, Limits]) -> None:
        """`own`: the pool of the connection that letters alone use, none if the relay allows only
        one; `shared`: that of the deliveries. `limits`: the relay's, by what mails are for."""
        self._own = own
        self._shared = shared
        self._limits = limits

    async def grant(self, *, is_join: bool) -> tuple[Limits, Grant]:
        """Leave of the relay's limits for one letter, and the limits that gave it; without any
        mails if there is none now."""
        wait = 0.0
        uses = (Use.SPARE, Use.JOINS) if is_join else (Use.LETTERS, Use.SPARE)
        for use in uses:
            limits = self._limits[use]
            grant = await limits.take(1)
            if grant.mails:
                break
            wait = min(wait or grant.wait_seconds, grant.wait_seconds)
        return limits, grant if grant.mails else Grant(0, wait)

    @property
    def is_in_the_way(self) -> bool:
        """Whether a letter that can wait would be sent in the place of a delivery's mail."""
        return self._own is None and self._shared.has_waiting

    async def send(
        self, recipient: str, content: Sequence[bytes], may_go: Callable[[], bool]
    ) -> Reply | None:
        """Hand a mail over and give the relay's word on it; none if the relay was not asked. If it
        does not let the letters' own connection in while a delivery's are, it allows fewer than we
        would like, and the mail goes between two of the delivery. `may_go` is asked right before
        the mail is sent."""
        if self._own and not (self._own.pause() and self._shared.is_open):
            reply = await _offered(self._own, recipient, content, may_go, between=False)
            if reply is None or reply.is_about_mail or not self._shared.is_open:
                return reply
        return await _offered(self._shared, recipient, content, may_go, between=True)

    def problem(self) -> str:
        """What keeps letters from the relay, in words; empty if nothing does."""
        return self._own.problem() if self._own and not self._shared.is_open else ""


async def _offered(
    pool: Pool,
    recipient: str,
    content: Sequence[bytes],
    may_go: Callable[[], bool],
    *,
    between: bool,
) -> Reply | None:
    """The relay's word on a mail that goes through this pool."""
    pool.refusal()  # somebody wants to mail: if the relay refuses us, health is to tell
    said: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()

    def heard(_: Mail, reply: Reply | None) -> None:
        if reply and reply.meaning is Meaning.HANDED_OVER:
            pool.written_down()
        if not said.done():
            said.set_result(reply)

    pool.offer([Mail(0, recipient, content, heard, may_go)], between=between)
    return await said
