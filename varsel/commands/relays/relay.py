"""`varsel relay test`: whether the relay takes our mail, and what others find when they ask whose
it is."""

import asyncio
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from services.notify.mail.letterhead import letterhead
from services.notify.members.addresses import parse as parse_address
from services.notify.relay import url as relay_url
from services.notify.relay.sender_records import PublicKey, SenderRecord, sender_records
from services.notify.relay.trial import Offers, Trial, try_relay
from services.notify.relay.url import RelayUrl
from shared.settings import Settings
from varsel.commands.relays.trial_mail import trial_mail
from varsel.output import Json, fail, out, print_json
from varsel.watch.text import reason

app = typer.Typer(
    help="E-posttjeneren: det som tar imot e-posten fra Varsel og bringer den videre.\n\n"
    "Eksempel: varsel relay test deg@example.org",
    no_args_is_help=True,
)


@app.callback()
def _relay() -> None:
    """Keeps `test` a subcommand although it is the only one."""


@dataclass(frozen=True)
class _Report:
    relay: RelayUrl
    trial: Trial
    records: list[SenderRecord]

    @property
    def has_dns(self) -> bool:
        return any(one.state != "unknown" for one in self.records)


@app.command("test")
def test(
    to: Annotated[str, typer.Argument(metavar="ADRESSE", help="Din egen adresse: dit går prøven.")],
    as_json: Json = False,
) -> None:
    """Send en prøve, og vis hva e-posttjeneren tilbyr og hva som mangler i DNS.

    Innstillingene er de samme som Varsel sender med (VARSEL_SMTP_URL, VARSEL_MAIL_FROM).

    Eksempel: varsel relay test deg@example.org
    """
    settings = Settings()
    if not settings.has_relay:
        fail("Ingen e-posttjener er satt: VARSEL_SMTP_URL er tom.", as_json=as_json)
    try:
        address = parse_address(to)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="ADRESSE") from None
    try:
        report = asyncio.run(_try(settings, address))
    except ValueError as error:
        fail(str(error), as_json=as_json)
    if as_json:
        print_json(_document(report))
    else:
        _tell(report, address)
    if not report.trial.taken:
        raise typer.Exit(1)


async def _try(settings: Settings, to: str) -> _Report:
    relay = relay_url.parse(settings.smtp_url.get_secret_value())
    head = letterhead(settings)
    mail = trial_mail(head, to, reference=f"prove.{secrets.token_hex(8)}", at=datetime.now(UTC))
    keys = [PublicKey(key.selector, key.record) for key in head.signer.keys] if head.signer else []
    return_domain = settings.bounce_address.rpartition("@")[2] or head.domain
    records, trial = await asyncio.gather(
        sender_records(head.domain, return_domain, keys),
        try_relay(relay, sender=head.leave_address or head.sender, to=to, mail=mail),
    )
    return _Report(relay, trial, records)


def _document(report: _Report) -> dict[str, object]:
    trial = report.trial
    return {
        "relay": {"host": report.relay.host, "port": report.relay.port},
        "offers": asdict(trial.offers) if trial.offers else None,
        "taken": trial.taken,
        "reply": trial.words,
        "dns": report.has_dns,
        "records": [asdict(one) for one in report.records],
    }


def _tell(report: _Report, to: str) -> None:
    def say(text: str, style: str = "") -> None:
        out.print(text, markup=False, soft_wrap=True, style=style)

    trial = report.trial
    say(f"E-posttjeneren {report.relay.host}:{report.relay.port}", "bold")
    if trial.offers is None:
        say(f"  slipper oss ikke inn: {reason(trial.words)}")
    else:
        for line in _offered(trial.offers):
            say(f"  {line}")
        told = f"Prøven er tatt imot, og på vei til {to}. Se etter den, også i søppelposten."
        say(told if trial.taken else f"Den tok ikke imot prøven: {reason(trial.words)}")
    say("")
    say("Det andre slår opp for å se om e-posten er deres (DNS)", "bold")
    if not report.has_dns:
        say("  DNS svarer ikke fra denne maskinen, så SPF, DKIM og DMARC er ikke sjekket.")
        return
    for record in report.records:
        for line in _said(record):
            say(f"  {line}")


def _offered(offers: Offers) -> list[str]:
    size = f"{offers.size / 1_000_000:.1f} MB".replace(".", ",") if offers.size else ""
    extras = {"SMTPUTF8": offers.smtputf8, "8BITMIME": offers.eightbitmime, "DSN": offers.dsn}
    return [
        f"Kryptert: ja, {offers.tls}."
        if offers.tls
        else "Kryptert: NEI. Alle underveis kan lese hvem som er medlem. Be om STARTTLS.",
        f"Innlogging (AUTH): {', '.join(offers.auth) or 'tilbys ikke'}.",
        f"Største e-post (SIZE): {size or 'sier den ikke'}.",
        "Flere kommandoer om gangen (PIPELINING): "
        + ("ja." if offers.pipelining else "nei; det går saktere."),
        "Ellers: "
        + "; ".join(f"{name} {'ja' if has else 'nei'}" for name, has in extras.items())
        + ". Varsel trenger ingen av dem.",
    ]


_NAMES = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC"}
_MEANING = {
    "spf": "hvilke tjenere som får sende e-post for dere",
    "dkim": "nøkkelen som e-posten er signert med",
    "dmarc": "hva andre skal gjøre med e-post som utgir seg for å være deres",
}


def _said(record: SenderRecord) -> list[str]:
    """What a record means to us, and what to do about it."""
    where = f" for {record.name}" if record.kind == "spf" else ""  # there may be two
    lines = [f"{_NAMES[record.kind]}{where} ({_MEANING[record.kind]}): {_state(record)}"]
    if record.state in ("missing", "wrong"):
        lines += [f"  Der: {record.name} (TXT)"]
        lines += [f"  Nå: {record.found}"] if record.found else []
        lines += [f"  Skal være: {record.wanted}"] if record.wanted else []
    return lines


def _state(record: SenderRecord) -> str:
    if record.kind == "dkim" and record.state == "unknown" and not record.wanted:
        return (
            "Varsel signerer ikke selv, så e-posttjenesten må gjøre det. Se etter «DKIM: PASS» i "
            "prøvens original. Står det ikke der: slå på DKIM hos dem, eller sett "
            "VARSEL_DKIM_RSA_KEY."
        )
    if record.state == "unknown":
        return "DNS svarte ikke."
    if record.state == "there":
        return "finnes."
    if record.state == "wrong":
        return {
            "spf": "FEIL: den finnes flere ganger, eller lar alle sende.",
            "dkim": "FEIL: en annen nøkkel er lagt ut enn den Varsel signerer med.",
            "dmarc": "FEIL: den finnes flere ganger, eller er skrevet feil.",
        }[record.kind]
    return {
        "spf": "MANGLER. Spør e-posttjenesten hva som skal stå der; det ligner på "
        "«v=spf1 include:… -all».",
        "dkim": "MANGLER. Legg den ut hos den som har domenet deres.",
        "dmarc": "MANGLER. Begynn med den under; den endrer ingenting, men store mottakere krever "
        "den.",
    }[record.kind]
