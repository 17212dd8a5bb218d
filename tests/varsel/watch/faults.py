"""What can be wrong, by its word: a look that shows it, and what is told of it."""

from dataclasses import replace

from tests.varsel.watch.looks import NOW, SERVER, consumer, delivery, well, with_group, with_stream
from varsel.watch.problems import JUST_STARTED, STALLS, WAITS
from varsel.watch.state import GONE, Look


def server(**overrides: object) -> Look:
    return well(redis=replace(SERVER, **overrides))  # type: ignore[arg-type]


GONE_ONE = (consumer("notify-1"), consumer("notify-2", pending=3, idle=GONE + 1))
EMPTY = well(streams=tuple(replace(s, groups=()) for s in well().streams))
STALLED = delivery(told_at=NOW - STALLS)
STALE = delivery(state="paused", cause="stale", told_at=0)
UNSAFE = delivery(state="paused", cause="unsafe")
REFUSED = delivery(state="paused", cause="rcpt 5.7.1 550")

FAULTS: dict[str, tuple[Look, str]] = {
    "aof_off": (server(aof=False), "appendonly yes"),
    "aof_write": (server(aof_write_ok=False), "Frigjør plass"),
    "aof_rewrite": (server(aof_rewrite_ok=False), "plass på disken"),
    "memory": (server(memory=461_000_000), "maxmemory"),
    "dead_letters": (with_stream(well(), "pages", dead=3), "varsel dead list"),
    "service_stopped": (with_group(well(), "chunks", "notify", consumers=()), "Start notify"),
    "consumer_gone": (with_group(well(), "chunks", "notify", consumers=GONE_ONE), "notify-2"),
    "event_waits": (with_group(well(), "pages", "notify", pending=1, oldest=WAITS), "loggen"),
    "delivery_stalled": (well(NOW, STALLED), "600 gjenstår"),
    "delivery_stale": (well(NOW, STALE), "«varsel deliver a1b2c3d4e5f6 --resume»"),
    "delivery_not_mailable": (well(NOW, UNSAFE), "«varsel edit»"),
    "relay_refuses": (well(NOW, REFUSED), "avviser oss (rcpt 5.7.1 550)"),
    "not_started": (EMPTY, "varsel up"),
    JUST_STARTED: (server(uptime=int(GONE)), "om et halvt minutt"),
}  # fmt: skip
