"""How long the newsroom's server takes for each of its pages and actions, over HTTP on a socket: of
a usual article, of one at nearly the greatest length, and of the real one where it is there, in a
newsroom with 200 articles and 10,000 entries of the trail.

Milliseconds from the request's bytes to the answer's: of the first request of each kind after a
start, and the median of the ones after it; and the median of this process's processor time, which
is what they take of others on a machine that is busy. The client's own part is in both.

Each request is a figure, so that none can be forgotten; `NOT_MEASURED` says what is left out.
"""

import socket
from collections.abc import AsyncIterator
from os import environ
from statistics import median

from benchmarks.newsroom_cases import once_out, to_approval
from benchmarks.newsroom_desk import SIZES, Desk, desk
from benchmarks.newsroom_people import doors, house
from benchmarks.world import world

RUNS = int(environ.get("VARSEL_BENCH_RUNS", "9"))
_RELAY = "smtp://127.0.0.1:9?starttls=none"
"""Nobody sends: where there is none, passkeys are not asked for."""
MOST_MS = 100.0
NOT_MEASURED = {
    ("GET", "/redaksjon/sak/{id}/kvittering/strom"): "stays open; benchmarks/watching.py",
    ("POST", "/redaksjon/inn/konto/"): "asks the association's own log-in",
    ("GET", "/redaksjon/inn/konto/svar/"): "the same",
    ("GET", "/redaksjon/prov/{token}/"): "where somebody tries Varsel out, without a relay",
    ("POST", "/redaksjon/prov/{token}/"): "the same",
    ("POST", "/redaksjon/prov/bytt/"): "the same",
}
"""Methods and routes of the newsroom that no figure is of, with the reason."""


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    at = await worked(RUNS, articles=200, entries=10_000)
    for name, took in sorted(at.figures.items()):
        first, usual = took[0][0], median(wall for wall, _ in took[1:] or took)
        ours = median(processor for _, processor in took[1:] or took)
        shown = f"{first:.0f}, {usual:.0f} ms ({ours:.0f} ms)"
        yield f"newsroom, {name}", shown, f"≤ {MOST_MS:.0f} ms"


async def worked(runs: int, *, articles: int, entries: int, sizes: tuple[str, ...] = SIZES) -> Desk:
    """A newsroom with so many articles and entries of its trail, once everybody in it has done
    everything so many times."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        site = f"http://localhost:{listening.getsockname()[1]}"  # passkeys need a name
        async with world(site_url=site, smtp_url=_RELAY, mail_from="varsel@example.org") as around:
            rules = {"alert_approvals": 1, "alert_hold": 600.0}
            around.settings = around.settings.model_copy(update=rules)
            async with desk(around, listening, articles=articles, entries=entries) as at:
                for run in range(runs):
                    await house(at, run)
                    await doors(at, run)
                    for size in sizes:
                        at.size = size
                        await to_approval(at, f"En sak {run} {size}")
                        await once_out(at, f"En sak som er ute {run} {size}")
                        at.size = ""
                return at
