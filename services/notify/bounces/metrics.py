"""What came to the return paths, counted for `/metrics`."""

from prometheus_client import Counter, Metric

from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.store import Bounces
from shared.metrics import gauge

_BOUNCES = Counter(
    "varsel_bounces",
    "Mails that came to a return path and were handled, by what they say",
    ["says"],
)
SAYS = ("gone", "not_now", "about_us", "complaint", "no_news", "unread")
for _name in SAYS:
    _BOUNCES.labels(_name)
_SURGES = Counter(
    "varsel_bounce_surges",
    "Times that mail to many members of one domain came back at once, so that nobody is marked",
)


def surged() -> None:
    """Count one."""
    _SURGES.inc()


def handled(heard: Heard | None) -> None:
    """Count one; none is a mail that could not be read."""
    if heard is None:
        _BOUNCES.labels("unread").inc()
    else:
        _BOUNCES.labels(str(heard.reason or heard.said.says)).inc()


async def measure(store: Bounces) -> list[Metric]:
    """How many wait; redis-py's errors."""
    return [
        gauge(
            "varsel_bounces_waiting",
            "Mails that came to a return path and are not read yet",
            (),
            [((), await store.waiting())],
        )
    ]
