"""Starts a delivery in Redis, all or nothing: its ledger, its sums, its chunks and its events."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from services.notify.choices.store import BASE, GONE, Choices
from services.notify.identity import IDENTITY
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.article import alert_key, article_key
from services.notify.members import store as members
from services.notify.members.numbers import CHUNK
from shared.bus import Bus, Entry, lua
from shared.event_data import Chunk, DeliveryKind
from shared.events import ChunkPlanned, DeliveryProgressed, PageEvent, PageWithdrawn
from shared.revision import Revision

SCRATCH = "notify:scratch"
"""A string that scripts lay out audiences with; there only while one of them runs."""
_HERE = Path(__file__).parent


class StartWord(StrEnum):
    """The answers of start_delivery.lua."""

    GONE = "gone"
    STARTED = "started"
    NOTHING = "nothing"
    WITHDRAWN = "withdrawn"
    LOOK_AGAIN = "look_again"
    OTHER_MODE = "other_mode"


@dataclass(frozen=True)
class Start:
    """What became of an event of `pages`."""

    word: StartWord
    audience: int = 0
    """Of the delivery that started."""
    kind: DeliveryKind = "alert"


class Starter:
    """Starts deliveries, for the reader of `pages` on `bus`."""

    def __init__(self, bus: Bus, choices: Choices) -> None:
        self._choices = choices
        self._script = bus.fenced(_HERE / "start_delivery.lua", StartWord)

    async def start(self, entry: Entry, event: PageEvent, *, before: str, held: str) -> Start:
        """Start the delivery that `event` owes, if any, and acknowledge the entry.

        `before` is the alert's newest delivery as the caller saw it, or ''; `held` holds the new
        one from its start, if it is not ''. Raises redis-py's errors.
        """
        keys, args = script_input(event, self._choices, before=before, held=held)
        answer = await self._script(entry, keys=keys, args=args)
        if answer.word is not StartWord.STARTED:
            return Start(answer.word)
        audience, kind = answer.values
        return Start(answer.word, int(audience), cast("DeliveryKind", kind.decode()))


def delivery_id(event: PageEvent) -> str:
    """The id of the delivery that a revision starts, if it starts one."""
    return delivery_name(event.data)


def delivery_name(revision: Revision) -> str:
    """The id of the delivery that the revision would start, if it were published."""
    return f"{revision.id}.{revision.revision}"


def script_input(
    event: PageEvent, choices: Choices, *, before: str, held: str
) -> tuple[dict[str, lua.KeyNames], dict[str, Any]]:
    """Keys and arguments of start_delivery.lua."""
    revision, delivery = event.data, delivery_id(event)
    keys: dict[str, lua.KeyNames] = {
        "article": article_key(revision.id),
        "alert": alert_key(revision.id),
        "delivery": deliveries.delivery_key(delivery),
        "ledger": deliveries.ledger_key(delivery),
        "deliveries": deliveries.DELIVERIES,
        "tries_before": deliveries.tries_key(before),
        "put_off_before": deliveries.put_off_key(before),
        "chunks": "chunks",
        "events": deliveries.EVENTS,
        "identity": IDENTITY,
        "listening": deliveries.LISTENING,
    }
    laid_keys, laid_args = laying_out(revision, choices, before)
    args: dict[str, Any] = {
        "article": revision.id,
        "delivery": delivery,
        "revision": revision.revision,
        "withdrawn": isinstance(event, PageWithdrawn),
        "before": before,
    }
    return keys | laid_keys, args | laid_args | _mailing(event, delivery, held)


def laying_out(
    revision: Revision, choices: Choices, before: str
) -> tuple[dict[str, lua.KeyNames], dict[str, Any]]:
    """Keys and arguments of lay_out.lua, which the start of a delivery and its preview stand on.
    `before` is the alert's newest delivery, or ''."""
    alert = revision.article.alert
    keys: dict[str, lua.KeyNames] = {
        "gone": GONE,
        "base": BASE,
        "choices": choices.strings(revision.subjects),
        "chain": members.CHAIN,
        "scratch": SCRATCH,
        "last": members.LAST,
        "leaves": members.LEAVES,
        "staff": members.STAFF,
        "before": deliveries.delivery_key(before),
        "ledger_before": deliveries.ledger_key(before),
    }
    return keys, {
        "mode": alert.mode if alert else "",
        "subjects": ",".join(revision.subjects or ()),
    }


def _mailing(event: PageEvent, delivery: str, held: str) -> dict[str, Any]:
    """What the script needs to know of an alert besides."""
    alert = event.data.article.alert
    now = datetime.now(UTC)
    started = now.replace(microsecond=0)  # a mail's Date has whole seconds
    return {
        "mail": alert is not None,
        "change": _change(event),
        "corrected": _corrected(event),
        "content": event.data.model_dump_json() if alert else "",
        "page_at": event.time.isoformat(),
        "started": started.isoformat(),
        "started_at": int(started.timestamp()),
        "chunk_size": CHUNK,
        "held": held,
    } | first_events(event.data.id, event.data.revision, delivery, now, event.traceparent)


def _change(event: PageEvent) -> str:
    """What the revision is to readers of an earlier one; empty for the first revision."""
    if isinstance(event, PageWithdrawn):
        return "withdrawal"
    return event.data.change.kind if event.data.change else ""


def _corrected(event: PageEvent) -> int:
    """The newest correction that this revision holds; 0 if none. Its own event may never come:
    render tells of no revision that is older than the page."""
    revision = event.data
    changes = [(past.revision, past.change) for past in revision.history]
    changes.append((revision.revision, revision.change))
    corrections = [number for number, change in changes if change and change.kind == "correction"]
    return max(corrections, default=0)


def first_events(
    article: str, revision: int, delivery: str, now: datetime, trace: str
) -> dict[str, str]:
    """The events that a delivery starts with, as arguments of a script, which completes them."""
    common = {
        "source": "/varsel/notify",
        "subject": article,
        "time": now,
        "traceparent": trace,
    }
    chunk = ChunkPlanned(id=delivery, data=Chunk(delivery=delivery, chunk=0), **common)
    status = DeliveryProgressed(
        id=delivery, data=deliveries.unsummed(delivery, article, revision), **common
    )
    return {"chunk_planned": lua.fields(chunk), "event": lua.fields(status)}
