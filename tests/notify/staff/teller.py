"""notify in a process of its own, which ends itself by SIGKILL at a chosen step on the way from an
event to a person's letter.

Usage: python -m tests.notify.staff.teller URL SETTINGS STEP; see tests/notify/letters/sender.py.
"""

import asyncio
import sys

from services.notify.letters.hand_over import HandOver
from services.notify.letters.store import Letters
from services.notify.staff.store import Staff
from services.notify.staff.tell_staff import TellStaff
from tests.notify.letters import sender

METHODS = {
    "tell": (TellStaff, "__call__"),
    "reached": (Staff, "reached"),
    "address": (Staff, "address"),
    "send": (HandOver, "send"),
    "finish": (Letters, "finish"),
}
STEPS = [f"{when} {name}" for name in METHODS for when in ("before", "after")]

if __name__ == "__main__":
    sender.METHODS.update(METHODS)
    asyncio.run(sender.main(*sys.argv[1:]))
