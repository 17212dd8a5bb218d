"""Has the staff told of what is due: looks a few times a second, until it is cancelled.

Any number of processes may do so. The script lets one of them tell each once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from redis.exceptions import RedisError

from services.ingest.telling.store import DueTelling, Tellings
from services.ingest.telling.telling import StaffFacts, Telling, TellingVerdict, judge
from shared import log
from shared.events import PeopleToBeTold
from shared.staff import NewsForStaff, WordToStaff
from shared.trace import new_traceparent

LOOK_SECONDS = 0.5
"""From look to look. Staff are to hear within a minute, and a letter takes seconds."""
_AT_ONCE = 100
"""Due tellings that one look takes."""
_OF_NOTICES: dict[NewsForStaff, NewsForStaff] = {
    "waits": "notice_waits",
    "mail_stands": "notice_stands",
}
"""What is said instead if it is about a notice to members."""
_RETRY_SECONDS = 60.0
"""Until a telling that could not be judged is tried again."""


class TellPeople:
    def __init__(self, tellings: Tellings, facts: Callable[[str], Awaitable[StaffFacts]]) -> None:
        """`facts` gives how things are with the article of this id."""
        self._tellings = tellings
        self._facts = facts
        self._failed: dict[str, float] = {}
        """Tellings that could not be judged, and when to try each again, by `time.monotonic`."""

    async def __call__(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Tell what is due now."""
        due, now = await self._tellings.due(_AT_ONCE + len(self._failed))
        ids = {one.id for one in due}
        self._failed = {id_: at for id_, at in self._failed.items() if id_ in ids}
        for one in due:
            if self._failed.get(one.id, 0.0) <= time.monotonic():
                await self._try(one, now)

    def problems(self) -> list[str]:
        """For health: what staff could not be told."""
        return [f"telling {id_} not_told" for id_ in self._failed]

    async def _try(self, one: DueTelling, now: datetime) -> None:
        """A telling that fails must not hold up those behind it."""
        try:
            await self._settle(one, now)
        except RedisError:
            raise
        except Exception as error:
            self._failed[one.id] = time.monotonic() + _RETRY_SECONDS
            log.get("ingest").error("not_told", telling=one.id, cause=type(error).__name__)

    async def _settle(self, one: DueTelling, now: datetime) -> None:
        telling = one.telling or _of_mail(one.id)
        facts = await self._facts(telling.article)
        judged = judge(telling, facts, one.due, now)
        about = _OF_NOTICES.get(telling.about, telling.about) if facts.is_notice else telling.about
        event = _event(one, telling, about, judged)
        if await self._tellings.settle(one, judged, event) and event:
            people = len(event.data.people)
            log.get("ingest").info(
                "staff_to_be_told", article=telling.article, about=about, people=people
            )


def _of_mail(id_: str) -> Telling:
    """An article or a notice of which nothing was planned, and whose delivery told how it is."""
    return Telling(about="mail_stands", article=id_.rpartition(".")[0])


def _event(
    one: DueTelling, telling: Telling, about: NewsForStaff, judged: TellingVerdict
) -> PeopleToBeTold | None:
    if judged.people is None:
        return None
    return PeopleToBeTold(
        id=f"{one.id}.{one.due_ms}",
        source="/varsel/ingest",
        subject="staff",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=WordToStaff(
            people=judged.people,
            about=about,
            article=telling.article,
            revision=telling.revision,
        ),
    )
