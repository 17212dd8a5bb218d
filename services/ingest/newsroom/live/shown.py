"""Pure: what the receipt's page shows of an article, and how it may be asked of its delivery."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import NamedTuple

from services.ingest.deliveries import wish as wishes
from services.ingest.deliveries.wish import AskedWish
from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.live import words
from services.ingest.newsroom.live.words import ReceiptText, Stand, Tone
from services.ingest.people.person import Role
from services.ingest.receipts import pace
from services.ingest.receipts.receipt import OfDelivery, Receipt, receipt
from services.ingest.receipts.store import Seen
from shared.event_data import (
    DeliveryCommand,
    DeliveryKind,
    DeliveryStatus,
    FailureCause,
    OutsideLook,
    Post,
)
from shared.languages.say import nb

PATIENCE_SECONDS = 10.0
"""How long nothing more can be asked while a wish is not heard; it takes a moment, if notify is
up."""
_LOOK_AWAITED_SECONDS = 180.0
"""From a publication: how long the page waits for notify to have seen it; it takes a second, if
readers get it at once."""
_MINUTE_SECONDS = 60
_HOUR_SECONDS = 3600


class PageShown(NamedTuple):
    text: str
    """`{why}` stands for what is wrong, `{time}` for `at`."""
    tone: Tone = ""
    why: str = ""
    at: datetime | None = None
    """When it was looked at. None if nothing is said of that."""
    more: str = ""
    """Why mail goes all the same."""


class FollowersShown(NamedTuple):
    """What became of the posts to followers; each is a number of posts."""

    delivered: int
    waiting: int
    again_at: datetime | None
    """When the first of those that wait are tried again."""
    given_up: tuple[str, ...]
    """Host names of those that were given up."""


class Choice(NamedTuple):
    """Something that may be asked of the delivery by whoever looks."""

    command: DeliveryCommand
    label: str
    hint: str
    is_first: bool


@dataclass(frozen=True)
class LiveReceipt:
    """What is shown."""

    article: str
    title: str
    kind: DeliveryKind | None
    """What the numbers are of; None if nothing is mailed."""
    is_exercise: bool
    stand: Stand
    detail: str
    """The relay's own codes, for whoever runs the system; empty if there is none."""
    sums: Receipt
    has_begun: bool
    rate: float
    """Members in a second; 0 if nothing can be said."""
    left: ReceiptText | None
    """How long it takes still."""
    page: PageShown
    put_off_until: datetime | None
    failed_by: list[tuple[str, int]]
    """In words, the most first."""
    bounced_by: list[tuple[str, int]]
    followers: FollowersShown | None
    asked: ReceiptText | None
    """What was asked and not heard yet."""
    delivery: str
    """The id of the newest one, empty if there is none."""
    choices: tuple[Choice, ...]
    earlier: list[OfDelivery] = field(default_factory=list)
    ended: bool = False
    """Nothing changes any more by itself."""


def shown(
    life: Life,
    seen: Seen,
    posts: Sequence[Post],
    asked: AskedWish | None,
    *,
    role: Role,
    approvals: int,
    now: datetime,
) -> LiveReceipt:
    """What the page shows somebody of this role at `now`. `approvals` is how many an alert
    takes."""
    sums = receipt(life, seen.page, seen.deliveries, seen.given_up)
    newest = seen.deliveries[0] if seen.deliveries else None
    begun = newest if newest and sums.about and sums.about.revision == newest.revision else None
    waits = asked if asked and newest and not asked.is_heard(newest) else None
    is_fresh = waits is not None and (now - waits.at).total_seconds() < PATIENCE_SECONDS
    is_sending = sums.state == "sending"
    left = pace.seconds_left(seen.pace, now, sums.open) if is_sending else None
    put_off = sums.put_off_until if sums.put_off_until and sums.put_off_until > now else None
    return LiveReceipt(
        article=life.id,
        title=life.title,
        kind=sums.about.kind if sums.about else None,
        is_exercise=life.mode not in (None, "actual"),
        stand=_stand(sums, put_off=put_off is not None and left is None),
        detail=sums.cause if words.is_of_relay(sums.cause) and sums.state == "paused" else "",
        sums=sums,
        has_begun=begun is not None,
        rate=pace.rate(seen.pace, now) if is_sending else 0.0,
        left=left_in_words(left),
        page=_page(life, sums, seen.look, begun.page_passed if begun else ""),
        put_off_until=put_off,
        failed_by=_in_words(sums.failed_by, sums.failed),
        bounced_by=_in_words(sums.bounced_by, sums.bounced),
        followers=_followers(posts),
        asked=ReceiptText.of(words.ASKED[waits.command], name=waits.name) if waits else None,
        delivery=newest.delivery if newest else "",
        choices=() if is_fresh else _choices(begun, role, approvals),
        earlier=sums.deliveries[1:] if begun else sums.deliveries,
        ended=_has_ended(sums, posts, waits) and not _look_awaited(life, seen, now),
    )


_STANDS = {"stuck": words.STUCK, "none": words.NOBODY, "waiting_for_page": words.WAITS}


def _stand(sums: Receipt, *, put_off: bool) -> Stand:
    if found := _STANDS.get(sums.state):
        return found
    if sums.state == "paused":
        return words.held(sums.cause)
    if sums.cause == "cancelled":
        return words.CANCELLED
    if sums.state == "complete":
        return _end(sums)
    return words.PUT_OFF if put_off else words.SENDS


def _end(sums: Receipt) -> Stand:
    if sums.cause == "superseded":
        return words.SUPERSEDED
    if sums.audience == 0:
        return words.TO_NOBODY
    if sums.failed or sums.bounced:
        return words.DONE_NOT_ALL
    return words.DONE_ALL if sums.handed_over == sums.audience else words.DONE


def left_in_words(seconds: float | None) -> ReceiptText | None:
    if seconds is None:
        return None
    if seconds < _MINUTE_SECONDS:
        return ReceiptText.of(nb("Under ett minutt igjen"))
    if seconds < 2 * _HOUR_SECONDS:
        return ReceiptText.of(
            nb("Omtrent {count} minutter igjen"), count=ceil(seconds / _MINUTE_SECONDS)
        )
    return ReceiptText.of(nb("Omtrent {count} timer igjen"), count=ceil(seconds / _HOUR_SECONDS))


def _page(life: Life, sums: Receipt, look: OutsideLook | None, passed: str) -> PageShown:
    """The page as readers see it: what holds the mail for it, else what notify saw last and when.
    It is said to be out only if somebody saw that. `passed`: why mail goes though nobody did."""
    if sums.state == "paused" and sums.cause.partition(" ")[0] in words.PAGE_HELD:
        return _wrong(sums.cause, words.PAGE_HELD, words.PAGE_SAYS)
    is_withdrawn = life.state == "withdrawn"
    if sums.page and is_withdrawn:
        return PageShown(words.PAGE_STILL_OUT, "careful")
    if not sums.page and not is_withdrawn:
        return PageShown(words.PAGE_NOT_YET)
    if look and not look.found:
        seen = words.PAGE_WITHDRAWN_SEEN if is_withdrawn else words.PAGE_SEEN
        return PageShown(seen, "good", at=look.at)
    more = words.PAGE_PASSED.get(passed, "")
    if look:
        found = _wrong(look.found, words.PAGE_LOOKED, words.PAGE_SAID)
        return found._replace(at=look.at, more=more)
    return PageShown(_not_looked(sums, is_withdrawn=is_withdrawn), more=more)


def _not_looked(sums: Receipt, *, is_withdrawn: bool) -> str:
    if is_withdrawn:
        return words.PAGE_WITHDRAWN_NOT_LOOKED
    return words.PAGE_WRITTEN if sums.state == "waiting_for_page" else words.PAGE_NOT_LOOKED


def _wrong(found: str, texts: dict[str, tuple[str, Tone]], of_status: str) -> PageShown:
    """`found` is `page_wrong` or `page_unseen`, and why; `of_status` is said if that is the status
    of an answer."""
    kind, _, detail = found.partition(" ")
    text, tone = texts[kind]
    why = words.PAGE_WHY.get(detail)
    return PageShown(text, tone, why) if why else PageShown(of_status, "wrong", detail)


def _look_awaited(life: Life, seen: Seen, now: datetime) -> bool:
    """Whether the page is so new that a look may still change what is said of it."""
    if not life.history or (seen.look and not seen.look.found):
        return False
    return (now - life.history[-1].at).total_seconds() < _LOOK_AWAITED_SECONDS


def _in_words(causes: dict[FailureCause, int], count: int) -> list[tuple[str, int]]:
    found = [(words.CAUSES[cause], number) for cause, number in causes.items()]
    if rest := count - sum(causes.values()):
        found.append((words.CAUSES["other"], rest))
    return sorted(found, key=lambda one: -one[1])


def _followers(posts: Sequence[Post]) -> FollowersShown | None:
    if not posts:
        return None
    ok = [post for post in posts if post.status is not None and 200 <= post.status < 300]
    waiting = [post for post in posts if not post.final]
    times = [post.again_at for post in waiting if post.again_at]
    given_up = [post.follower for post in posts if post.final and post not in ok]
    return FollowersShown(len(ok), len(waiting), min(times, default=None), tuple(given_up))


def _choices(begun: DeliveryStatus | None, role: Role, approvals: int) -> tuple[Choice, ...]:
    commands = wishes.possible(begun) if begun else ()
    mine = [one for one in commands if wishes.may(role, one, approvals=approvals)]
    return tuple(_choice(one, begun.cause if begun else "") for one in mine)


def _choice(command: DeliveryCommand, cause: str) -> Choice:
    said = words.BUTTONS[command], words.HINTS[command]
    if command == "resume":
        said = words.going_on(cause)
    # If the delivery waits for a person, this is the step to take; otherwise it goes on by itself.
    is_first = command == "resume" and cause in ("operator", "stale")
    return Choice(command, *said, is_first)


def _has_ended(sums: Receipt, posts: Sequence[Post], waits: AskedWish | None) -> bool:
    is_over = sums.state in ("complete", "none") and not waits
    return is_over and all(post.final for post in posts)
