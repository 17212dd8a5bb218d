"""What can be wrong, by its word: a look that shows it, and what is told of it."""

from dataclasses import replace

from shared.disk import Disk
from tests.varsel.watch.looks import NOW, SERVER, consumer, delivery, well, with_group, with_stream
from varsel.watch.problems import JUST_STARTED, STALLS, WAITS
from varsel.watch.state import GONE, Look


def server(**overrides: object) -> Look:
    return well(redis=replace(SERVER, **overrides))  # type: ignore[arg-type]


GONE_ONE = (consumer("notify-1"), consumer("notify-2", pending=3, idle=GONE + 1))
EMPTY = well(streams=tuple(replace(s, groups=()) for s in well().streams))
STALLED = delivery(told_at=NOW - STALLS)
STALE = delivery(state="paused", cause="stale", told_at=0)
UNREADABLE = delivery(state="paused", cause="unreadable")
UNSAFE = delivery(state="paused", cause="unsafe")
REFUSED = delivery(state="paused", cause="rcpt 5.7.1 550")
LOW = (Disk("site", 8_000_000_000, 10**11), Disk("pictures", 8_000_000_001, 10**11))
PAGE_WRONG = delivery(state="paused", cause="page_wrong tls")
PAGE_UNSEEN = delivery(state="paused", cause="page_unseen dns")

FAULTS: dict[str, tuple[Look, str]] = {
    "aof_off": (server(aof=False), "appendonly yes"),
    "aof_write": (server(aof_write_ok=False), "Frigjør plass"),
    "aof_rewrite": (server(aof_rewrite_ok=False), "plass på disken"),
    "disk_low": (well(disks=LOW), "Disken med nettstedet og bildene har 8,0\u00a0GB (8\u00a0%)"),
    "disk_full": (well(disks=(Disk("redis", 3, 100),)), "er den full, stopper Redis"),
    "memory": (server(memory=461_000_000), "maxmemory"),
    "dead_letters": (with_stream(well(), "pages", dead=3), "varsel dead list"),
    "service_stopped": (with_group(well(), "chunks", "notify", consumers=()), "Start notify"),
    "consumer_gone": (with_group(well(), "chunks", "notify", consumers=GONE_ONE), "notify-2"),
    "event_waits": (with_group(well(), "pages", "notify", pending=1, oldest=WAITS), "loggen"),
    "delivery_stalled": (well(NOW, STALLED), "600 gjenstår"),
    "delivery_stale": (well(NOW, STALE), "«varsel deliver a1b2c3d4e5f6 --resume»"),
    "members_unreadable": (well(NOW, UNREADABLE), "Legg tilbake sikkerhetskopien"),
    "page_wrong": (well(NOW, PAGE_WRONG), "TLS-sertifikatet godtas ikke). Rett det"),
    "page_unseen": (well(NOW, PAGE_UNSEEN), "VARSEL_SITE_PROBE"),
    "delivery_not_mailable": (well(NOW, UNSAFE), "«varsel edit»"),
    "relay_refuses": (well(NOW, REFUSED), "avviser oss (rcpt 5.7.1 550)"),
    "bounces_about_us": (
        well(bounces={"about_us 5.7.26": (12, NOW)}),
        "5.7.26 (vårt omdømme, eller SPF, DKIM og DMARC, 12 i alt)",
    ),
    "bounce_surge": (well(bounces={"surge": (40, NOW)}), "til 40 medlemmer"),
    "complaints": (well(bounces={"complaint": (2, NOW)}), "får ikke mer e-post"),
    "follower_fails": (well(failing={"sykehus.example.org": [1, 5]}), "2 meldinger venter"),
    "held": (well(held=True), "varsel resume"),
    "not_started": (EMPTY, "varsel up"),
    JUST_STARTED: (server(uptime=int(GONE)), "om et halvt minutt"),
}  # fmt: skip
