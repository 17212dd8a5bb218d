"""What an editor should know of the system now, in words, with the way to it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from services.ingest.lifecycle.life import Life
from services.ingest.receipts.receipt import Receipt
from shared.bus.letter import DeadLetter
from shared.disk import Disk
from shared.languages.say import Nb, nb
from shared.staff import StaffReach

LATE_SECONDS = 120
"""How long an event may wait, and a page may take to be live; as for `varsel watch`."""
FORGOTTEN = timedelta(hours=24)
"""After so long in review somebody has forgotten it."""
_BUSY = "chunks"
"""The stream on which a large delivery waits its turn: how far that is, its receipt says."""
_WHAT_STANDS: Nb[dict[str, tuple[str, str]]] = {
    "render": (
        "Nettsiden blir ikke oppdatert",
        "Det som publiseres, blir ikke synlig ennå. Det eldste har ventet i {minutes} minutter. Si "
        "fra til den som drifter Varsel, og nevn «{service}». Ingenting er tapt.",
    ),
    "notify": (
        "E-post går ikke ut som den skal",
        "Varsler som er publisert, venter. Det eldste har ventet i {minutes} minutter. Si fra til "
        "den som drifter Varsel, og nevn «{service}». Ingenting er tapt.",
    ),
    "ingest": (
        "Kvitteringene henger etter",
        "Tallene på kvitteringene kan være gamle. Det eldste har ventet i {minutes} minutter. Si "
        "fra til den som drifter Varsel, og nevn «{service}». Ingenting er tapt.",
    ),
}


@dataclass(frozen=True)
class Sign:
    """One thing that is worth knowing. Texts are in bokmål, with places for `values`."""

    level: Literal["wrong", "careful"]
    title: str
    detail: str
    link: str = ""
    """The address of the page where it can be looked into; empty if there is none."""
    link_text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SystemSeen:
    """What was found."""

    now: datetime
    oldest_seconds: Mapping[tuple[str, str], float]
    """The age of the oldest event that each service has yet to handle, by stream and service."""
    letters: Sequence[DeadLetter]
    disks: Sequence[Disk]
    in_review: Sequence[Life]
    receipts: Sequence[tuple[Life, Receipt]]
    """Of alerts that were published lately."""
    approvals: int
    """How many an alert needs."""
    approvers: int
    """How many people may approve."""
    reach: StaffReach | None = None
    """Who of the staff hears of anything outside the newsroom; None if that is not known yet."""


def signs(seen: SystemSeen) -> tuple[Sign, ...]:
    """What is wrong, the worst first; nothing if all is well."""
    found = [*_services(seen), *_deliveries(seen), *_letters(seen), *_disks(seen)]
    found += [*_people(seen), *_reach(seen), *_forgotten(seen)]
    return tuple(sorted(found, key=lambda sign: sign.level != "wrong"))


def _services(seen: SystemSeen) -> Iterator[Sign]:
    late: dict[str, float] = {}
    for (stream, service), seconds in seen.oldest_seconds.items():
        if stream != _BUSY and seconds > LATE_SECONDS:
            late[service] = max(seconds, late.get(service, 0))
    for service, seconds in late.items():
        title, detail = _WHAT_STANDS[service]
        yield Sign(
            "wrong",
            title,
            detail,
            values={"minutes": round(seconds / 60), "service": service},
        )


def _deliveries(seen: SystemSeen) -> Iterator[Sign]:
    for life, receipt in seen.receipts:
        link = f"/redaksjon/sak/{life.id}/kvittering/"
        values = {"title": life.title, "open": receipt.open}
        if receipt.state == "stuck":
            yield Sign(
                "wrong",
                nb("Et varsel sitter fast"),
                nb(
                    "«{title}»: noe ble gitt opp underveis. Se kvitteringen, og si fra til den som "
                    "drifter Varsel."
                ),
                link,
                nb("Se kvitteringen"),
                values,
            )
        elif receipt.state == "paused":
            yield Sign(
                "careful",
                nb("En utsending er satt på pause"),
                nb(
                    "«{title}»: {open} venter på e-posten. Se kvitteringen; der står "
                    "hvorfor, og der kan den settes i gang igjen."
                ),
                link,
                nb("Se kvitteringen"),
                values,
            )
        elif receipt.state == "waiting_for_page" and _late(life, seen.now):
            yield Sign(
                "wrong",
                nb("Et varsel venter på nettsiden"),
                nb(
                    "«{title}» er publisert, men siden er ikke sett utenfra. Ingen får "
                    "e-post før den er det. Si fra til den som drifter Varsel."
                ),
                link,
                nb("Se kvitteringen"),
                values,
            )


def _late(life: Life, now: datetime) -> bool:
    return (now - life.history[-1].at).total_seconds() > LATE_SECONDS


def _letters(seen: SystemSeen) -> Iterator[Sign]:
    of: dict[str, int] = {}
    for letter in seen.letters:
        of[letter.subject] = of.get(letter.subject, 0) + 1
    if of:
        yield Sign(
            "wrong",
            nb("Noe ble gitt opp"),
            nb(
                "Antall hendelser som ikke kunne behandles: {count}. De er tatt vare "
                "på. Si fra til den som drifter Varsel: «varsel dead list» viser dem."
            ),
            values={"count": sum(of.values())},
        )


def _disks(seen: SystemSeen) -> Iterator[Sign]:
    for disk in seen.disks:
        if disk.is_low:
            yield Sign(
                "wrong" if disk.is_full else "careful",
                nb("Det er lite plass på disken"),
                nb(
                    "{percent} % er ledig. Blir den full, kan ingenting lagres. Si fra til den som "
                    "drifter Varsel."
                ),
                values={"percent": int(disk.share * 100)},
            )
            return


def _people(seen: SystemSeen) -> Iterator[Sign]:
    if seen.approvals and seen.approvers <= seen.approvals:
        yield Sign(
            "careful",
            nb("Få kan godkjenne"),
            nb(
                "Et varsel trenger {wanted} godkjenning(er) av andre enn den som "
                "skrev det, og bare {approvers} kan godkjenne. Er en borte, kan et "
                "varsel bli stående."
            ),
            "/redaksjon/folk/",
            nb("Se hvem som er med"),
            {"wanted": seen.approvals, "approvers": seen.approvers},
        )


def _reach(seen: SystemSeen) -> Iterator[Sign]:
    if seen.reach and not seen.reach.addresses and not seen.reach.webhook:
        yield Sign(
            "careful",
            nb("Ingen i redaksjonen får beskjed"),
            nb(
                "Ingen har oppgitt en e-postadresse, så ingen får vite at en sak "
                "venter på godkjenning, eller at en utsending står, før de ser etter "
                "selv. Be hver og en oppgi adressen sin, eller be den som drifter "
                "Varsel, om å sette opp en webhook for redaksjonen."
            ),
            "/redaksjon/varsle/",
            nb("Oppgi adressen din"),
        )


def _forgotten(seen: SystemSeen) -> Iterator[Sign]:
    for life in seen.in_review:
        if seen.now - life.last.at > FORGOTTEN:
            yield Sign(
                "careful",
                nb("En sak har ventet lenge på godkjenning"),
                nb("«{title}» har ventet i over et døgn."),
                f"/redaksjon/sak/{life.id}/",
                "Se saken",
                {"title": life.title},
            )
