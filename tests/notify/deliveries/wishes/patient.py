"""notify in a process of its own, whose chunks that wait look again only after a long pause, as
they do after some time.

Usage: python -m tests.notify.deliveries.wishes.patient URL SETTINGS; see
tests/notify/letters/sender.py.
"""

import asyncio
import sys

from shared.bus import bus
from tests.notify.letters import sender

if __name__ == "__main__":
    bus.wait_pause = lambda *_: 55.0
    asyncio.run(sender.main(*sys.argv[1:], "none"))
