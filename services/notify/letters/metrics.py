"""What became of letters, counted for `/metrics`: never whose they were."""

from prometheus_client import Counter, Histogram, Metric
from redis.asyncio import Redis

from services.notify.letters import store
from shared.metrics import gauge

_LETTERS = Counter(
    "varsel_letters",
    "Tries at letters, by the letter and what became of them",
    ["letter", "became"],
)
_ASKED_TO_SENT = Histogram(
    "varsel_letter_asked_to_sent_seconds",
    "From when a letter was last asked for until the relay took it; without those to strangers",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400),
)


def became(letter: str, what: str) -> None:
    """Count one try at a letter."""
    _LETTERS.labels(letter, what).inc()


def sent(seconds: float) -> None:
    """Note how long after it was asked for a letter was handed over."""
    _ASKED_TO_SENT.observe(max(seconds, 0.0))


async def measure(redis: Redis) -> list[Metric]:
    """How many letters wait, and for how long; redis-py's errors."""
    count, joins, seconds = await store.waiting(redis)
    return [
        gauge(
            "varsel_letters_waiting",
            "Letters that wait to be sent, joining letters apart",
            ("queue",),
            [(("asked",), count), (("joins",), joins)],
        ),
        gauge(
            "varsel_letters_late_seconds",
            "For how long the first letter that waits has been due, without joining letters",
            (),
            [((), seconds)],
        ),
    ]
