"""Who can approve what waits, and whether they were told, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.steps import Rules, possible
from services.ingest.people.person import Person
from shared.languages.say import nb
from shared.staff import StaffReach

_NOBODY_TOLD = nb(
    "Ingen har fått beskjed om at saken venter: ingen i redaksjonen har oppgitt en e-postadresse. "
    "Gi dem beskjed selv, for eksempel på telefon."
)
_WEBHOOK = nb(
    "Ingen i redaksjonen har oppgitt en e-postadresse, så beskjeden går bare til kanalen som er "
    "satt opp for redaksjonen. Haster det, så gi dem beskjed selv."
)
_SOME_TOLD = nb(
    "De som har oppgitt en e-postadresse, får beskjed med en gang, og en gang til etter et "
    "kvarter. Hvem det er, står ikke her. Haster det, så gi dem beskjed selv."
)


@dataclass(frozen=True)
class WaitsFor:
    """Whom an article in review waits for."""

    names: tuple[str, ...]
    """Who can approve it."""
    missing: int
    """How many approvals it lacks."""
    admins: tuple[str, ...]
    """Who can invite somebody who could."""
    told: str
    """Whether they were told, as a text; empty if there is nobody to tell."""
    lacks_addresses: bool
    """Nobody of the staff can be told by mail."""

    @property
    def is_stuck(self) -> bool:
        """Fewer can approve it than must."""
        return len(self.names) < self.missing


def waits_for(
    life: Life, staff: Sequence[Person], rules: Rules, reach: StaffReach | None, other: str = ""
) -> WaitsFor:
    """Whom the article waits for. `reach` is what notify has told of addresses, None if it has not
    yet; `other` whom the visitor of a trial can become who could approve it, empty if nobody."""
    passed = life.approvers | rules.void
    names = [
        one.name
        for one in staff
        if one.id not in passed and "approve" in possible(life, one, rules)
    ]
    if other and other not in names:
        names.append(other)
    lacks_addresses = reach is not None and not reach.addresses
    return WaitsFor(
        names=tuple(names),
        missing=rules.wanted(life.kind, life.author_ids) - len(life.approvers - rules.void),
        admins=tuple(one.name for one in staff if one.may("admin") and one.id not in rules.void),
        told=_told(reach) if names else "",
        lacks_addresses=lacks_addresses,
    )


def _told(reach: StaffReach | None) -> str:
    if reach is None or reach.addresses:
        return _SOME_TOLD
    return _WEBHOOK if reach.webhook else _NOBODY_TOLD
