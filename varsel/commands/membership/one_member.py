"""`varsel members find|show|set|export|erase`: one member, for the request by phone.

The address, and whatever else says who it is, comes on standard input: an argument would stand in
the shell's history and in the machine's list of processes. Each use is in the audit trail before
anything is shown, without whom it was about.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, cast

import typer
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.choices.subjects import subjects
from services.notify.journal.journal import JournalAway
from services.notify.journal.keys_beside import OtherJournal, load_keys
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.members.addresses import identity, parse
from services.notify.members.endings import Left
from services.notify.members.member import BY_STAFF, IMPORTED, JOINED, MAX_NAME, Member
from services.notify.members.membership import Membership, UndoIsOpen
from services.notify.members.opened import open_membership
from services.notify.members.store import CONSENTS, STAFF, Found
from services.notify.on_change import on_change
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault.keys import Keys, WrongSecretKey
from services.notify.vault.vault import Vault
from shared.languages.say import LANGS
from shared.oslo import oslo
from shared.settings import Settings
from shared.text import one_line
from varsel.commands.up import explain
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import with_redis

MemberStanding = Literal["member", "left", "ended", "erased", "moved", "unknown"]
_WORDS: dict[MemberStanding, str] = {
    "member": "Er medlem, med nummer {number}.",
    "left": "Har meldt seg av{when}. Nummeret var {number}.",
    "ended": "Er ikke lenger i registeret{when}, og får ikke varsler. Nummeret var {number}.",
    "erased": "Er slettet. Bare medlemmet selv kan melde seg inn igjen, på nettstedet.",
    "moved": "Er byttet ut med en annen adresse. Det som sendes, går dit.",
    "unknown": "Er ikke kjent. Spør om det kan være en annen adresse.",
}
_CHANGED = "Medlemmet ble endret av noen andre samtidig. Ingenting er rettet. Prøv igjen."
_HOW = {
    IMPORTED: "med et register",
    JOINED: "på nettstedet",
    BY_STAFF: "til en ansatt",
}


@dataclass(frozen=True)
class _Here:
    """What a command works with."""

    redis: Redis
    found_keys: Keys
    membership: Membership
    found: Found | None
    left: Left | None

    @property
    def vault(self) -> Vault:
        return Vault(self.found_keys.vault, self.found_keys.index)

    @property
    def letters(self) -> Letters:
        return Letters(self.redis, self.vault, self.found_keys.letters)

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.redis, self.vault, self.found_keys.letters)

    @property
    def bounces(self) -> Bounces:
        return Bounces(self.redis, self.vault)

    @property
    def state(self) -> MemberStanding:
        if self.found is None:
            return "unknown"
        if self.found.erased:
            return "erased"
        if self.found.moved:
            return "moved"
        if not self.found.left:
            return "member"
        return "ended" if self.left and self.left.by_list else "left"

    @property
    def words(self) -> str:
        when = f" {oslo(self.left.at):%d.%m.%Y}" if self.left else ""
        number = self.found.number if self.found else 0
        return _WORDS[self.state].format(number=number, when=when)

    async def record(self) -> tuple[int, bytes, Member]:
        """The member's number, sealed record and record; LookupError if there is none."""
        if self.found is None or self.state in ("erased", "moved"):
            raise LookupError(self.words)
        number, members = self.found.number, self.membership.members
        record = (await members.records([number])).get(number)
        if record is None:
            raise LookupError(self.words)
        return number, record, members.open(number, record)


def find(as_json: Json = False) -> None:
    """Vis om en adresse er medlem. Adressen leses fra standard inn.

    Bekreft hvem som ringer, før du sier om de er medlem.

    Eksempel: varsel members find < adresse.txt
    """

    async def work(here: _Here) -> None:
        number = here.found.number if here.found else None
        if as_json:
            print_json({"state": here.state, "number": number})
        else:
            out.print(here.words)

    _with(_address(), "found_member", {}, work, as_json)


def show(as_json: Json = False) -> None:
    """Vis hva som er lagret om et medlem. Adressen leses fra standard inn.

    Eksempel: varsel members show < adresse.txt
    """

    async def work(here: _Here) -> None:
        about = await _about(here)
        if as_json:
            print_json(about)
        else:
            _tell(here, about)

    _with(_address(), "showed_member", {}, work, as_json)


def export(as_json: Json = False) -> None:
    """Skriv alt om et medlem som ett JSON-dokument, til medlemmet. Adressen leses fra standard inn.

    Eksempel: varsel members export < adresse.txt > innsyn.json
    """

    from services.notify.member_pages.about import about
    from services.notify.member_pages.everything.document import document
    from services.notify.member_pages.everything.read_rest import read_rest
    from services.notify.member_pages.visit import LoggedIn

    async def work(here: _Here) -> None:
        number, sealed, member = await here.record()
        person = LoggedIn(number, sealed, member, here.state != "member")
        choices = Choices(here.redis, here.vault)
        passkeys = MemberPasskeys(here.redis, here.vault)
        all_of_it = await about(here.membership.members, choices, here.bounces, passkeys, person)
        rest = await read_rest(here, here.vault, person, all_of_it["alerts"])
        print_json(document(person, all_of_it, rest))

    _with(_address(), "exported_member", {}, work, as_json)


def set_(
    name: Annotated[
        bool, typer.Option("--name", help="Nytt navn, på neste linje av standard inn.")
    ] = False,
    address: Annotated[
        bool, typer.Option("--address", help="Ny adresse, på neste linje av standard inn.")
    ] = False,
    lang: Annotated[str | None, typer.Option(help="Nytt språk: nb, nn eller en.")] = None,
    as_json: Json = False,
) -> None:
    """Rett et medlems navn, språk eller adresse. Adressen som er lagret, leses fra standard inn.

    Den gamle adressen får brev om en ny, og kan angre i sju dager. Medlemmet logges ut overalt, og
    passnøklene slettes: bare et brev til den nye adressen slipper noen inn.

    Eksempel: varsel members set --lang nn < adresse.txt
    """
    if not (name or address or lang):
        raise typer.BadParameter("si hva som skal rettes: --name, --address eller --lang")
    if lang not in (None, *LANGS):
        raise typer.BadParameter("språket er nb, nn eller en", param_hint="--lang")
    email = _address()
    new_name = _name() if name else None
    new_email = _address("Ny e-postadresse") if address else None
    changed = [
        what
        for what, is_new in (("name", name), ("address", address), ("lang", lang is not None))
        if is_new
    ]

    async def work(here: _Here) -> None:
        number, record, member = await here.record()
        if here.state != "member":
            raise LookupError(here.words)
        after = member._replace(
            name=member.name if new_name is None else new_name,
            lang=lang or member.lang,
            email=new_email or member.email,
        )
        if identity(after.email) != identity(member.email):
            await _move(here, after)
        elif after != member and not await here.membership.change(number, record, after):
            raise LookupError(_CHANGED)
        if as_json:
            print_json({"number": number, "changed": changed})
        else:
            out.print("Rettet.")

    _with(email, "changed_member", {"what": ",".join(changed)}, work, as_json)


async def _move(here: _Here, after: Member) -> None:
    """The old address is told in one step with the change. Whoever was let in before is out: why
    somebody rings may be that another reads their mail, or has their machine."""
    from services.notify.members.cut_off import cut_off

    number, record, member = await here.record()
    members, passkeys = here.membership.members, MemberPasskeys(here.redis, here.vault)
    (taken,) = await members.find([after.email])
    if taken and not taken.left and not taken.moved:
        raise LookupError("Den nye adressen er et annet medlems. Ingenting er rettet.")
    # Before too: a command that is broken off after the move does not find them by the old address.
    await cut_off(members, passkeys, number)
    told = partial(here.letters.of_move, number, member)
    if not await here.membership.move(number, record, after, told):
        raise LookupError(_CHANGED)
    await cut_off(members, passkeys, number)


def erase(as_json: Json = False) -> None:
    """Slett alt om et medlem. Adressen leses fra standard inn. Kan ikke angres.

    Igjen står bare en nøkkelhash av adressen, så ingen liste bringer dem tilbake. En rettelse av et
    varsel som de har fått, når dem ikke lenger. Er adressen byttet de siste sju dagene, må det
    vente: så lenge kan den som har den gamle, angre byttet.

    Eksempel: varsel members erase < adresse.txt
    """
    email = _address()
    if sys.stdin.isatty() and identity(_address("Skriv den en gang til")) != identity(email):
        fail("Adressene er ikke like. Ingenting er slettet.", as_json=as_json)

    async def work(here: _Here) -> None:
        if here.found is None or here.state == "moved":
            raise LookupError(here.words)
        try:
            await here.membership.erase(here.found.number)
        except UndoIsOpen as error:
            raise LookupError(
                "Adressen ble byttet for mindre enn sju dager siden, og den som har den gamle, kan "
                f"angre det til {oslo(error.until):%d.%m.%Y kl. %H.%M}. Ingenting er slettet. Gjør "
                "det etter det."
            ) from None
        if as_json:
            print_json({"erased": True})
        else:
            out.print("Slettet.")

    _with(email, "erased_member", {}, work, as_json)


def _address(prompt: str = "E-postadresse") -> str:
    """The next line of standard input; ends the command if it is no address."""
    try:
        return parse(_line(prompt))
    except ValueError as error:
        raise typer.BadParameter(f"{prompt.lower()}: {error}") from None


def _name() -> str:
    line = _line("Nytt navn").strip()
    try:
        name = one_line(line) if line else ""
    except ValueError:
        raise typer.BadParameter("navnet må være én linje med tekst") from None
    if len(name) > MAX_NAME:
        raise typer.BadParameter(f"navnet er for langt (over {MAX_NAME} tegn)")
    return name


def _line(prompt: str) -> str:
    if sys.stdin.isatty():
        err.print(f"{prompt}: ", end="")
    line = sys.stdin.readline()
    if not line:
        raise typer.BadParameter(f"{prompt.lower()} leses fra standard inn, en linje for hver")
    return line.rstrip("\r\n")


def _with(
    email: str,
    what: str,
    detail: dict[str, str | int],
    work: Callable[[_Here], Awaitable[None]],
    as_json: bool,
) -> None:
    """Do `work` with what is known of an address, and have the audit trail say so before."""
    settings = Settings()

    async def run(redis: Redis) -> None:
        async with open_membership(redis, settings, on_change) as membership:
            await Trail(redis).append([TrailAction("operator", what, detail=detail)])
            (found,) = await membership.members.find([email])
            how = await membership.endings.how_left([found.number]) if found else {}
            left = how.get(found.number) if found else None
            keys = await load_keys(redis, settings)
            await work(_Here(redis, keys, membership, found, left))

    try:
        with_redis(run, as_json)
    except (WrongSecretKey, OtherJournal) as error:
        fail(explain(settings, error), as_json=as_json)
    except JournalAway:
        fail(
            f"Journalen i {settings.journal_folder} kan ikke skrives, så dette må vente. Se "
            "«The journal» i docs/operator.md.",
            as_json=as_json,
        )
    except LookupError as error:
        fail(str(error), as_json=as_json)


async def _about(here: _Here) -> dict[str, Any]:
    """All that is kept of the member; LookupError if nothing is."""
    number, _, member = await here.record()
    redis, members = here.redis, here.membership.members
    kept = await cast("Awaitable[bytes | None]", redis.hget(CONSENTS, member.consent))
    chosen = await Choices(redis, here.vault).of(number)
    names = {subject.id: subject.name for subject in await subjects(redis)}
    numbers = await members.numbers_of(number)
    passkeys = await MemberPasskeys(redis, here.vault).of(numbers)
    return {
        "state": here.state,
        "numbers": numbers,
        "left": here.left.at.isoformat() if here.left else None,
        "email": member.email,
        "name": member.name,
        "lang": member.lang,
        "staff": bool(await cast("Awaitable[int]", redis.sismember(STAFF, str(number)))),
        "lists": [one for one in member.lists.split(",") if one],
        "consent": {
            "how": member.how,
            "asked": member.asked or None,
            "confirmed": member.confirmed or None,
            "words": json.loads(kept) if kept else None,
        },
        "passkeys": [one.record.at.isoformat(timespec="minutes") for one in passkeys],
        "subjects": None if chosen is None else [names.get(one, one) for one in chosen],
    }


def _tell(here: _Here, about: dict[str, Any]) -> None:
    consent, chosen = about["consent"], about["subjects"]
    lines = {
        "Tilstand": here.words,
        "E-post": about["email"],
        "Navn": about["name"] or "ikke oppgitt",
        "Språk": about["lang"],
        "Øvelser": "ja, er ansatt" if about["staff"] else "nei",
        "Registre": ", ".join(about["lists"]) or "ingen",
        "Samtykke": _HOW.get(consent["how"], consent["how"]),
        "Bekreftet": consent["confirmed"] or "ikke skrevet ned",
        "Ordene": (consent["words"] or {}).get("text", "ikke skrevet ned"),
        "Får": "alle sikkerhetsvarsler" if chosen is None else "varsler om " + ", ".join(chosen),
        "Passnøkler": ", ".join(about["passkeys"]) or "ingen",
        "Numre": ", ".join(map(str, about["numbers"])),
    }
    for label, text in lines.items():
        out.print(f"{label + ':':<11} {text}", markup=False, soft_wrap=True)
