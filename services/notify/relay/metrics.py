"""What the relay and the followers answered, counted for `/metrics`."""

from functools import cache

from prometheus_client import Counter

from services.notify.relay.replies import Reply

_REPLIES = Counter(
    "varsel_relay_replies",
    "The relay's last words on attempts to hand a mail over",
    ["phase", "class"],
)
_POST_REPLIES = Counter("varsel_post_replies", "Followers' answers to posts", ["class"])


def replied(reply: Reply) -> None:
    """Count the relay's last word on an attempt to hand a mail over, if it did not take the mail.

    Mails that it took are counted by `took`.
    """
    _counter(reply.phase, reply.code // 100).inc()


def took(count: int) -> None:
    """Count `count` mails that the relay took. All at once, since counting each takes as long as
    recording it."""
    _counter("data", 2).inc(count)


def posted(status: int | None) -> None:
    """Count a follower's answer by its HTTP status; none if no answer came."""
    _POST_REPLIES.labels(_class(status or 0)).inc()


@cache
def _counter(phase: str, hundreds: int) -> Counter:
    """Kept, since looking a label up takes longer than counting."""
    return _REPLIES.labels(phase, _class(hundreds * 100))


def _class(code: int) -> str:
    """The first digit of a reply's code, as `4xx`; `none` if there was no reply."""
    return f"{code // 100}xx" if 100 <= code < 600 else "none"
