"""A newsroom whose mail goes to a relay that the test holds back and lets on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.browsers.newsroom.steps.relay_thread import RelayThread, relay_in_a_thread
from tests.browsers.world import SITE_NAME, World
from tests.system.running import Up

MEMBERS = 12
HOLD_SECONDS = 6
"""Long enough to stop it on a slow machine; each walk waits for it twice."""


class System(NamedTuple):
    up: Up
    relay: RelayThread


@contextmanager
def relayed() -> Iterator[System]:
    """One with members, in which an alert takes an approval and a hold."""
    with relay_in_a_thread() as relay:
        settings = {
            "VARSEL_SMTP_URL": relay.url,
            "VARSEL_MAIL_FROM": "varsel@example.org",
            "VARSEL_SITE_NAME": SITE_NAME,
            "VARSEL_ALERT_APPROVALS": "1",
            "VARSEL_ALERT_HOLD": str(HOLD_SECONDS),
        }
        with Up(**settings) as up:
            up.env["VARSEL_SITE_URL"] = up.url = f"http://localhost:{up.port}"
            up.start()
            members = (f"m{number}@example.org" for number in range(MEMBERS))
            World(up).import_members(*((email, "Mona Medlem") for email in members))
            yield System(up, relay)
