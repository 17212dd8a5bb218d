"""How long the bus waits for what. All times in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Tests shorten these; the product uses the defaults."""

    min_idle: float = 60.0
    """An entry untouched for so long is taken from its consumer. Also the longest pause, since a
    pause is made by setting an entry's idle time below this."""
    dead: float = 6.0
    """A consumer that says nothing for so long is dead: what it had in hand is taken over. A live
    one asks several times a second, and three times as often as this while it is busy."""
    poll: float = 0.25
    """How often a reaper looks for such entries, so how exact a pause is."""
    block: float = 2.0
    """How long a reader's call waits for something new. Below redis-py's socket timeout of 5 s."""
    first_pause: float = 0.5
    """After the first failure of an event; doubled with each one after it."""
    attempts: int = 8
    """Failures of an event before it becomes a dead letter."""
    crashes: int = 50
    """Deliveries without any outcome before an event counts as one that kills its process."""
    watch: float = 0.5
    """How often the keeper looks at the consumers."""
    sweep: float = 5.0
    """Own entries that no handler works on for so long are taken up again."""
    answer: float = 3.0
    """Redis that says nothing for so long is away."""
    slow: float = 900.0
    """A handler that runs for so long is a problem; a chunk on a slow relay takes minutes."""
    tidy: float = 300.0
    """How often streams are trimmed, and consumers dropped that are gone."""
    gone: float = 3600.0
    """A consumer with nothing pending that was silent for so long is gone."""
    grace: float = 20.0
    """How long a stop waits for handlers that run."""


def wait_pause(waits: int, timing: Timing) -> float:
    """The pause before an event is tried again whose surroundings were not ready `waits` times."""
    return min(0.25 * 2.0 ** min(waits, 20), timing.min_idle)
