"""Twenty years with an alert a week, on the whole system with its clock moved: everybody gets each
alert once, whichever way the clock is set meanwhile, and what is kept grows no more than
docs/growth.md says. `make test` lets a year and a half pass, `make proof-years` twenty."""

import json
import os
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis

from shared.bus.streams import KEEP_ENTRIES
from shared.bus.users import OPERATOR
from shared.topology import STREAMS
from tests.make import alert
from tests.notify.relay_server import Relay
from tests.system.running import Up
from tests.system.steps import complete, post
from tests.wait import LateError, until
from tests.years.clock import MovedClock
from varsel.run.embedded import redis_url

YEARS = float(os.environ.get("VARSEL_YEARS", "1.5"))
APART = timedelta(days=7 if "VARSEL_YEARS" in os.environ else 42)
ALERTS = int(timedelta(days=365.25 * YEARS) / APART)
RESTART = ALERTS // 2 if YEARS < 2 else int(timedelta(days=183) / APART)
"""After so many alerts the system is started anew."""
MEMBERS = 40
DAY = timedelta(days=1)
KEPT_DAYS = 400
BYTES_AN_ALERT = 64_000
"""In Redis's memory, without what goes by members: docs/growth.md."""
A_WEEK_S_EVENTS = 600
LEDGER_KINDS = ("ledger", "failures", "replies", "bounced", "tries", "later", "lease")


def counted(client: Any) -> Counter[str]:
    """How many keys there are of each kind: ids and numbers are left out of the names."""
    names = (name.decode(errors="replace") for name in client.scan_iter(count=1000))
    return Counter(re.sub(r"[0-9a-z]{12}|[0-9]+", "*", name) for name in names)


def kept_bytes(client: Any) -> int:
    """Of Redis's memory, without what it holds for who is connected: after a start, when much is
    read, that is more than ten alerts."""
    said = client.info("memory")
    return int(said["used_memory"]) - int(said["mem_clients_normal"])


def told(number: int, begun: float, memory: list[int]) -> str:
    """How far it is after so many alerts, the first at the moment `begun`."""
    minutes = (time.monotonic() - begun) / 60
    left = minutes / number * (ALERTS - number)
    grown = (memory[-1] - memory[0]) / number / 1000
    return (
        f"{number} of {ALERTS} alerts ({number * APART.days / 365.25:.1f} of {YEARS:g} years) in "
        f"{minutes:.1f} minutes, about {left:.0f} to go; {grown:.0f} KB of Redis for each"
    )


async def begin(up: Up) -> None:
    up.launch()
    await until(up.is_ready, 120)


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path)


async def test_years_pass_and_everybody_gets_each_alert_once_and_what_is_kept_is_bounded(
    clock: MovedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    most = int(timedelta(days=KEPT_DAYS) / APART) + 3
    assert most < ALERTS, "too few years to show that anything is forgotten"
    file = tmp_path / "medlemmer.csv"
    file.write_text(
        "email,name,lang\n" + "".join(f"m{n}@example.org,M,nb\n" for n in range(MEMBERS))
    )
    relay = await Relay().start()
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
    }
    with Up(**clock.environment, **settings) as up:
        await begin(up)
        key = up.key()
        up.json("members", "import", str(file), "--consent", "Ja takk")
        with redis.Redis.from_url(redis_url(up.data, OPERATOR)) as client:
            memory, begun = [], time.monotonic()
            for number in range(ALERTS):
                answer = post(up, key, alert(title=f"Varsel nummer {number}"))
                assert answer.status_code == 201, answer.text
                if number % 3 == 1:  # in the middle of the delivery
                    clock.move(-DAY if number % 2 else DAY)
                receipt = await complete(up, key, answer.json()["id"])
                assert receipt["handed_over"] == receipt["audience"] == MEMBERS, receipt
                copies = Counter(mail.recipient for mail in relay.mails)
                assert (len(copies), set(copies.values())) == (MEMBERS, {1})
                relay.mails.clear()
                clock.move(APART)
                memory.append(kept_bytes(client))
                if number % RESTART == RESTART - 1:
                    with capsys.disabled():
                        print(told(number + 1, begun, memory), flush=True)
                    up.end(signal.SIGTERM if number % 2 else signal.SIGKILL)
                    await begin(up)

            up.end(signal.SIGTERM)
            await begin(up)
            kinds = Counter[str]()

            def too_many() -> dict[str, int]:
                kinds.clear()
                kinds.update(counted(client))
                ledgers = {kind: kinds[f"notify:{kind}:*.*"] for kind in LEDGER_KINDS}
                streams = {one.name: client.xlen(one.name) for one in STREAMS}
                limit = KEEP_ENTRIES + A_WEEK_S_EVENTS
                return {kind: n for kind, n in ledgers.items() if n > most} | {
                    name: n for name, n in streams.items() if n > limit
                }

            with suppress(LateError):
                await until(lambda: not too_many(), 90)
            assert too_many() == {}
            assert kinds["notify:ledger:*.*"] > 0, kinds
            grown = (memory[-1] - memory[0]) / (ALERTS - 1)
            assert grown < BYTES_AN_ALERT
            journal = sum(one.stat().st_size for one in (up.data / "journal").rglob("*"))
            assert journal < 2_000 + 600 * ALERTS
            site = sum(one.stat().st_size for one in (up.data / "site").rglob("*"))
            sizes = {"alerts": ALERTS, "redis": grown, "journal": journal, "site": site}
            (tmp_path / "grown.json").write_text(json.dumps(sizes | dict(kinds), indent=1))
    await relay.stop()
