"""The relay, as the deliveries see it: mails go in, and each hears what became of it.

There is one pool in a worker. It opens as many connections as there is mail for, up to the number
that the relay's address allows, and each connection takes its mails from here. While the relay
refuses us, mails are sent away: by the time that it may be asked again, their text may be another.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from services.notify.relay import metrics
from services.notify.relay.connection import IDLE, Connection, Mail
from services.notify.relay.replies import Meaning, Reply
from services.notify.relay.standing import SLOW_SECONDS, Standing
from services.notify.relay.url import RelayUrl
from services.notify.relay.window import Window
from shared import log
from shared.bus import tasks

_BREATH_SECONDS = 1.0
"""After an error of our own, before the connection is opened again."""
_ASK_SECONDS = 5.0
"""How long whoever wants to know the largest mail waits for the relay."""
PARKED = 30.0
"""Seconds before a connection that the relay refused is tried again while others are open: the
relay allows fewer than we would like."""
_SHORT_PAUSE_SECONDS = 1.0
"""A pause that is waited out with a chunk in hand."""


class Pool:
    """Hands mails over on the relay's connections, the oldest first."""

    def __init__(
        self, relay: RelayUrl, *, sender: str, window: Window, idle_seconds: float = IDLE
    ) -> None:
        """`idle_seconds`: without work before a connection is closed."""
        self._relay = relay
        self._idle_seconds = idle_seconds
        self._sender = sender
        self._window = window
        self._waiting: deque[Mail] = deque()
        self._between: deque[Mail] = deque()
        """Mails that take turns with those that wait; and whether it is their turn."""
        self._is_between = True
        self._open_asleep: deque[asyncio.Future[bool]] = deque()
        self._closed_asleep: deque[asyncio.Future[bool]] = deque()
        self._busy = self._opening = self._idle = 0
        """Connections that are open or about to be; those of them that are not open yet; and those
        of them that have no work."""
        self._tasks: list[asyncio.Task[None]] = []
        self._log = log.get("notify")
        self._standing = Standing()
        self._told = ""
        """The trouble that was logged last; empty if it is over."""
        self._few = ""
        """The same for connections that are too many."""
        self._before_window: deque[asyncio.Future[bool]] = deque()
        window.on_room(self._let_in)

    def offer(self, mails: Iterable[Mail], *, between: bool = False) -> None:
        """Hand `mails` over. Each is told once what became of it, in any order. Never fails because
        of the relay. Those that go `between` others take turns with them, so that neither waits for
        all of the others."""
        (self._between if between else self._waiting).extend(mails)
        if self.refusal():
            self._send_away()
        if not self._tasks:
            connections = [
                Connection(
                    self._relay,
                    sender=self._sender,
                    source=self,
                    idle_seconds=self._idle_seconds,
                )
                for _ in range(self._relay.connections)
            ]
            self._tasks = [asyncio.create_task(self._run(connection)) for connection in connections]
        self._wake()

    def refusal(self) -> Reply | None:
        """Why the relay is not to be asked for a while; none if it may be, or soon."""
        now = time.monotonic()
        self._standing.want(now)
        return self._standing.trouble if self._standing.pause(now) > _SHORT_PAUSE_SECONDS else None

    def pause(self) -> float:
        """Seconds until the relay may be asked again."""
        return self._standing.pause(time.monotonic())

    def takes_nobody(self, reply: Reply) -> None:
        """Take a chunk's conclusion that nobody's mail gets through, from the last of the replies
        that it comes from. What another chunk heard later counts more."""
        if self._standing.is_in_doubt:
            self._standing.refused(reply, time.monotonic())
            self._mind_standing()

    @property
    def is_open(self) -> bool:
        """Whether any connection is open."""
        return self._busy > self._opening

    @property
    def has_waiting(self) -> bool:
        """Whether mails wait for a connection."""
        return self._count > 0

    def written_down(self) -> None:
        """Note that what became of a mail that the relay took is written down: it leaves the
        window."""
        metrics.took(1)
        self._window.leave()

    def problem(self) -> str:
        """What keeps mail from the relay, in words; empty if nothing does, or nobody wants to
        mail."""
        return self._standing.problem(time.monotonic())

    async def largest(self) -> int | None:
        """Ask the relay for the octets of the largest mail that it takes; none if it names no
        limit, or lets us in too slowly or not at all."""
        connection = Connection(self._relay, sender=self._sender, source=self)
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await connection.open()
        except TimeoutError:
            return None
        await connection.close()
        return connection.largest

    async def close(self) -> None:
        """Say goodbye on every connection. Mails that still wait hear nothing any more."""
        await tasks.end(self._tasks)
        self._tasks.clear()

    def take(self) -> Mail | None:
        """The next mail that may still go, if the relay may be asked; a mail that may not hears
        that it was never sent."""
        now = time.monotonic()
        while self._count and self._standing.may_ask(now):
            mail = self._next()
            if mail.may_go():
                self._standing.ask(now)
                if not self._standing.is_sure:
                    asyncio.get_running_loop().call_later(SLOW_SECONDS, self._wake)
                return mail
            mail.heard(mail, None)
        return None

    @property
    def _count(self) -> int:
        """How many mails wait."""
        return len(self._waiting) + len(self._between)

    def _next(self) -> Mail:
        """The next of the mails that wait; there is one."""
        is_between = bool(self._between) and (self._is_between or not self._waiting)
        self._is_between = not is_between
        return (self._between if is_between else self._waiting).popleft()

    def put_back(self, mail: Mail, *, last: bool = False, entered: bool = False) -> None:
        """Let another connection try this mail: first, or `last`. `entered`: it takes a place in
        the window, which is free again."""
        if last:
            self._waiting.append(mail)
        else:
            self._waiting.appendleft(mail)
        if entered:
            self._window.leave()
        self._standing.answered()
        self._wake()

    async def enter(self) -> None:
        """Wait until there is room in the window, and take it."""
        while not self._window.has_room:
            await self._sleep(self._before_window)
        self._window.enter()

    def answered(self, mail: Mail, reply: Reply | None, *, entered: bool) -> None:
        """Tell the mail the relay's last word, count it, and make room in the window unless the
        relay has the mail."""
        taken = reply is not None and reply.meaning is Meaning.HANDED_OVER
        if not (taken and self._standing.is_well):
            self._standing.answered()
            if reply:
                self._standing.hear(reply, time.monotonic())
            self._mind_standing()
        mail.heard(mail, reply)
        if taken:
            return  # once that is written down, it is counted, and leaves the window
        if reply:
            metrics.replied(reply)
        if entered:
            self._window.leave()

    async def wait(self, seconds: float) -> bool:
        """Wait until there may be something to take; false if that takes longer than `seconds`."""
        self._idle += 1
        try:
            return await self._sleep(self._open_asleep, seconds)
        finally:
            self._idle -= 1

    async def _sleep(
        self, asleep: "deque[asyncio.Future[bool]]", seconds: float | None = None
    ) -> bool:
        """Wait in line `asleep` until woken; false if that takes longer than `seconds`."""
        loop = asyncio.get_running_loop()
        sleeper: asyncio.Future[bool] = loop.create_future()
        asleep.append(sleeper)
        timer = loop.call_later(seconds, _rouse, sleeper, False) if seconds else None
        woken = False
        try:
            woken = await sleeper
        finally:
            if timer:
                timer.cancel()
            if not woken:
                with suppress(ValueError):  # it was, and is cancelled
                    asleep.remove(sleeper)
        return woken

    def _wake(self) -> None:
        """Wake as many connections as there are mails, first those that are open."""
        for _ in range(self._count):
            asleep = self._open_asleep or self._closed_asleep
            if not asleep:
                return
            _wake_one(asleep)

    def _let_in(self, room: int) -> None:
        for _ in range(min(room, len(self._before_window))):
            _wake_one(self._before_window)

    def _mind_standing(self) -> None:
        """Do what follows from how we stand with the relay now."""
        self._tell()
        pause = self._standing.pause(time.monotonic())
        if pause:
            self._send_away()
            asyncio.get_running_loop().call_later(pause, self._wake)
        else:
            self._wake()

    def _tell(self) -> None:
        """Log how we stand with the relay, if that has changed."""
        trouble = self._standing.trouble
        words = trouble.words if trouble else ""
        if trouble and words != self._told:
            self._log.warning("relay_trouble", phase=trouble.phase, codes=trouble.short)
        elif self._told and not words:
            self._log.info("relay_well", after=self._told)
        self._told = words

    def _send_away(self) -> None:
        """Tell the mails that wait that the relay is not asked: by its own word if it did not let
        us in, else by none, since it said nothing of them."""
        refusal = self._standing.trouble
        if refusal and refusal.is_about_mail:
            refusal = None
        waiting = [*self._between, *self._waiting]
        self._between.clear()
        self._waiting.clear()
        for mail in waiting:
            mail.heard(mail, refusal)

    async def _run(self, connection: Connection) -> None:
        parked_until = 0.0
        while True:
            while not self._is_wanted(parked_until):
                await self._sleep(self._closed_asleep, PARKED)
            try:
                refusal = await self._serve(connection)
            except Exception as error:
                self._log.error("connection_failed", cause=type(error).__name__)
                await asyncio.sleep(_BREATH_SECONDS)
                continue
            if refusal:
                parked_until = time.monotonic() + (PARKED if self._busy else 0.0)
                self._not_let_in(refusal)

    async def _serve(self, connection: Connection) -> Reply | None:
        """Open the connection and hand over until it ends. Gives the relay's reply if it did not
        let us in, else none."""
        if not self._busy:
            self._standing.begin_anew()
        self._busy += 1
        self._opening += 1
        try:
            try:
                refusal = await connection.open()
            finally:
                self._opening -= 1
            self._wake()  # others may have waited for this one
            if refusal is None:
                await connection.serve()
        finally:
            self._busy -= 1
        return refusal

    def _is_wanted(self, parked_until: float) -> bool:
        """Whether another connection is to be opened: there is more mail than those that are open
        or opening can take at once. If none is open, one is opened before the others, to see
        whether the relay is there."""
        now = time.monotonic()
        if not self._standing.may_ask(now):
            return False
        is_only_one = self._busy and (self._busy == self._opening or not self._standing.is_sure)
        if is_only_one and not self._standing.is_slow(now):
            return False
        if self._busy and now < parked_until:
            return False
        return self._count > self._idle + self._opening

    def _not_let_in(self, refusal: Reply) -> None:
        """The relay did not let a connection in. If others are open, it allows fewer than we would
        like."""
        metrics.replied(refusal)
        if not self._busy:
            self._standing.not_let_in(refusal, time.monotonic())
            self._mind_standing()
        elif self._few != refusal.words:
            self._few = refusal.words
            self._log.info("relay_allows_fewer", phase=refusal.phase, codes=refusal.short)


def _wake_one(asleep: "deque[asyncio.Future[bool]]") -> None:
    _rouse(asleep.popleft(), True)


def _rouse(sleeper: asyncio.Future[bool], woken: bool) -> None:
    if not sleeper.done():
        sleeper.set_result(woken)
