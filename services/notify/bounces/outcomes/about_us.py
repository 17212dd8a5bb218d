"""It speaks of us: our sender, our standing or our mail. Staff are told, and nobody is marked."""

from services.notify.bounces.codes import Reason
from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.reading.said import Says

TOLD = "about_us"


def told(heard: Heard) -> str:
    """What staff are told, with the code; empty if it does not speak of us."""
    if heard.said.says is Says.ABOUT_US:
        return TOLD
    return f"{TOLD} {heard.said.code}" if heard.reason is Reason.ABOUT_US else ""
