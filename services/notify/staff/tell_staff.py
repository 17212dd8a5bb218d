"""Flow: people of the staff are to be told of something. Whoever has an address gets a letter; if
somebody has none, or there is nobody, the webhook for staff is told, if one is set. It is told of
mail that stands in any case: the commonest cause is the relay, by which the letters go too."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import QUEUE, Letters
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.posting.plan import (
    DUE,
    POSTS,
    PlannedPost,
    plan_staff_post,
    staff_follower,
)
from services.notify.staff.store import Staff
from shared import log
from shared.bus import Bus, Entry
from shared.events import PeopleToBeTold
from shared.settings import Settings
from shared.staff import NewsForStaff

_OF_MAIL: tuple[NewsForStaff, ...] = ("mail_stands", "notice_stands")


class StaffTold(StrEnum):
    """The answers of tell_staff.lua."""

    GONE = "gone"
    TOLD = "told"


class TellStaff:
    """Handles `people.to_be_told`."""

    def __init__(self, bus: Bus, staff: Staff, letters: Letters, settings: Settings) -> None:
        self._script = bus.fenced(Path(__file__).with_name("tell_staff.lua"), StaffTold)
        self._staff = staff
        self._letters = letters
        self._follower = staff_follower(settings)
        self._site = settings.site
        self._log = log.get("notify")

    async def __call__(self, entry: Entry, event: PeopleToBeTold) -> None:
        """Accept a letter to each who has an address, and the post; acknowledge the entry. The
        same event makes the same letters. redis-py's errors."""
        people = event.data.people
        reached = await self._staff.reached(people)
        letters = [self._letter(event, person) for person in people if person in reached]
        unreached = len(people) - len(letters)
        needs_post = unreached or not people or event.data.about in _OF_MAIL
        post = self._post(event) if needs_post else None
        answer = await self._script(
            entry,
            keys={
                "letters": [letter.key for letter in letters],
                "queue": QUEUE,
                "posts": POSTS,
                "posts_due": DUE,
            },
            args={
                "ids": [letter.id for letter in letters],
                "sealed": [letter.sealed for letter in letters],
                "life_ms": round(LetterKind.STAFF.life.total_seconds() * 1000),
                "post_id": post.id if post else "",
                "post": post.model_dump_json() if post else "",
            },
        )
        if answer.word is StaffTold.TOLD:
            self._letters.news.set()
            self._tell(event, letters=len(letters), unreached=unreached, post=post)

    def _letter(self, event: PeopleToBeTold, person: str) -> AcceptedLetter:
        asked = Asked(
            LetterKind.STAFF,
            "",
            at=datetime.now(UTC),
            staff=person,
            about=event.data.about,
            article=event.data.article,
        )
        return self._letters.accepted(asked, f"{event.id} {person}")

    def _post(self, event: PeopleToBeTold) -> PlannedPost | None:
        return plan_staff_post(event, self._follower, self._site) if self._follower else None

    def _tell(
        self, event: PeopleToBeTold, *, letters: int, unreached: int, post: PlannedPost | None
    ) -> None:
        article, about = event.data.article, event.data.about
        if letters or post:
            self._log.info(
                "staff_told", article=article, about=about, letters=letters, posts=int(bool(post))
            )
        if not post and (unreached or not letters):
            self._log.warning("staff_not_told", article=article, about=about, people=unreached)
