"""It speaks of us: our sender, our standing or our mail. Staff are told, and nobody is marked."""

from services.notify.bounces.codes import Meaning
from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.reading.report import Kind

TOLD = "about_us"


def told(heard: Heard) -> str:
    """What staff are told, with the code; empty if it does not speak of us."""
    if heard.report.kind is Kind.ABOUT_US:
        return TOLD
    return f"{TOLD} {heard.report.code}" if heard.meaning is Meaning.ABOUT_US else ""
