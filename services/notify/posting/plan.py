"""Pure: which posts an event of `pages` owes the followers, what staff's webhook is told, and how a
post is kept.

The body is Standard Webhooks 1.0 (section "Payload structure") and is fixed here, so that every
attempt carries the same bytes. What is kept of a follower is a fingerprint and the host's name: its
address may hold a secret, as its webhook secret is one, and both are looked up when the post is
sent.
"""

import hashlib
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from shared.events import PageEvent, PeopleToBeTold
from shared.for_followers import change_told, heard_by
from shared.settings import Settings, Webhook

POSTS = "notify:posts"
"""Hash: post id → PlannedPost as JSON, until the post is finished."""
DUE = "notify:posts:due"
"""Sorted set: post id → when to send it (ms since 1970), until the post is finished."""
ATTEMPTS = "notify:posts:attempts"
"""Hash: post id → how many attempts have failed; absent before the first has."""

_FEEDS = ("atom", "json")


class PlannedPost(BaseModel):
    """One post to one follower."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str
    """The `webhook-id`: the same on every attempt, and for the same event and follower. Without a
    full stop, since that is what parts the signed content (section "Signature scheme")."""
    follower: str
    """Name of the follower in `followers`."""
    host: str
    content_type: str
    body: str
    article: str
    revision: int
    traceparent: str
    planned_at: int
    """Milliseconds since 1970: the time of the event."""


@dataclass(frozen=True)
class Follower:
    """A webhook, which has secrets, or a WebSub hub together with a feed to tell it of."""

    url: str
    secrets: tuple[str, ...] = ()
    """`whsec_…`; two while a secret is being changed."""
    feed: str | None = None
    """Ending of the feed's address."""
    is_staff: bool = False
    """It hears what staff are to hear, and nothing of pages."""
    wants_exercises: bool = False
    wants_heartbeat: bool = False

    @property
    def name(self) -> str:
        """Tells followers apart without giving their addresses away."""
        fingerprint = hashlib.sha256(self.url.encode()).hexdigest()[:12]
        kind = "staff" if self.is_staff else self.feed
        return f"{fingerprint}-{kind}" if kind else fingerprint

    @property
    def host(self) -> str:
        """Host name, for people; empty if the address makes no sense."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:  # must not keep an alert from starting
            return ""


def followers(settings: Settings) -> dict[str, Follower]:
    """All followers of the settings by their names: the webhooks first, then the hubs.

    Webhooks with one address are one follower, who wants what any of them wants.
    """
    at: dict[str, list[Webhook]] = {}
    for webhook in settings.webhooks:
        at.setdefault(webhook.url, []).append(webhook)
    webhooks = [
        Follower(
            url,
            secrets=tuple(one.secret.get_secret_value() for one in its),
            wants_exercises=any(one.exercises for one in its),
            wants_heartbeat=any(one.heartbeat for one in its),
        )
        for url, its in at.items()
    ]
    hubs = [Follower(hub, feed=feed) for hub in settings.websub_hubs for feed in _FEEDS]
    return {follower.name: follower for follower in (*webhooks, *hubs)}


def staff_follower(settings: Settings) -> Follower | None:
    """The webhook that is told in the place of people without an address; none if none is set."""
    webhook = settings.staff_webhook
    if webhook is None:
        return None
    return Follower(webhook.url, secrets=(webhook.secret.get_secret_value(),), is_staff=True)


def plan_staff_post(event: PeopleToBeTold, follower: Follower, site: str) -> PlannedPost:
    """The post of what staff are to know: which article, and where to look. Nobody's id, and not a
    word of what the article says."""
    told = event.data
    body = {
        "type": event.type,
        "timestamp": event.time.isoformat(timespec="milliseconds"),
        "data": {
            "about": told.about,
            "article": told.article,
            "url": f"{site}/redaksjon/sak/{told.article}/",
        },
    }
    return PlannedPost(
        id=f"{event.id.replace('.', '-')}-{follower.name}",
        follower=follower.name,
        host=follower.host,
        content_type="application/json",
        body=json.dumps(body, separators=(",", ":")),
        article=told.article,
        revision=told.revision,
        traceparent=event.traceparent,
        planned_at=int(event.time.timestamp() * 1000),
    )


def plan_posts(event: PageEvent, settings: Settings) -> list[PlannedPost]:
    """One post per webhook, and one per WebSub hub and feed; none of a page that is no news, nor
    of what was moved here with its old date. Of an exercise or a test to those alone who want
    exercises: hubs know of the feeds of real news."""
    heard = heard_by(event.data)
    if heard is None:
        return []
    return [
        _post(event, follower, settings.site)
        for follower in followers(settings).values()
        if heard == "all" or follower.wants_exercises
    ]


def _post(event: PageEvent, follower: Follower, site: str) -> PlannedPost:
    content_type, body = (
        ("application/x-www-form-urlencoded", _hub_body(f"{site}/feed.{follower.feed}"))
        if follower.feed
        else ("application/json", _webhook_body(event, site))
    )
    return PlannedPost(
        id=f"{event.data.id}-{event.data.revision}-{event.type.replace('.', '-')}-{follower.name}",
        follower=follower.name,
        host=follower.host,
        content_type=content_type,
        body=body,
        article=event.data.id,
        revision=event.data.revision,
        traceparent=event.traceparent,
        planned_at=int(event.time.timestamp() * 1000),
    )


def _webhook_body(event: PageEvent, site: str) -> str:
    body = change_told(event.data, event.type, event.time, site)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _hub_body(topic: str) -> str:
    """A ping as hubs know it (PubSubHubbub 0.3, section 7.1); WebSub leaves its form open."""
    return urlencode({"hub.mode": "publish", "hub.url": topic})
