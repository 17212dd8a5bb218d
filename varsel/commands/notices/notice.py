"""`varsel notice`: a message to members that is no alert, as of a breach of their data."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from varsel.client import Client
from varsel.commands.asking import Key, Url, ask, client_for, clock
from varsel.commands.notices import notice_file
from varsel.output import Json, err, fail, out, print_json
from varsel.watch.text import STATES, reason

app = typer.Typer(
    help="Melding til medlemmene om et brudd på personopplysningssikkerheten. To må godkjenne.\n\n"
    "Eksempel: varsel notice template > melding.md",
    no_args_is_help=True,
)
_Id = Annotated[str, typer.Argument(metavar="ID", help="Meldingens id.")]
_STATES = {"draft": "venter på godkjenning", "approved": "godkjent", "cancelled": "avbrutt"}


class NoticeLang(StrEnum):
    nb = "nb"
    nn = "nn"
    en = "en"


@app.command()
def template(
    lang: Annotated[NoticeLang, typer.Option(help="Språket: nb, nn eller en.")] = NoticeLang.nb,
    as_json: Json = False,
) -> None:
    """Skriv malen som fylles ut: overskriftene som loven krever svar på.

    Eksempel: varsel notice template --lang nn
    """
    text = notice_file.template(lang.value)
    if as_json:
        print_json({"lang": lang.value, "template": text})
    else:
        sys.stdout.write(text)


@app.command()
def draft(
    file: Annotated[
        Path, typer.Argument(metavar="FIL.md", help="Malen, utfylt.", exists=True, dir_okay=False)
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--members",
            metavar="FIL",
            help="Bare til disse: en fil med et medlemsnummer på hver linje. Uten: til alle.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Lagre en melding til medlemmene. Den blir ikke sendt før to har godkjent den.

    Eksempel: varsel notice draft melding.md
    """
    client = client_for(url, key)
    try:
        fields: dict[str, Any] = dict(notice_file.read(file.read_text(encoding="utf-8-sig")))
        if to:
            fields["members"] = notice_file.members(to.read_text(encoding="utf-8-sig"))
    except notice_file.WrongFile as error:
        fail(error.why, as_json=as_json)
    except (OSError, UnicodeDecodeError):
        fail(f"Kan ikke lese {file} som tekst i UTF-8.", as_json=as_json)
    _tell(ask(client, lambda: client.post_notice(fields), as_json=as_json), as_json=as_json)


@app.command()
def show(
    notice: Annotated[str, typer.Argument(metavar="ID", help="Uten: alle meldinger.")] = "",
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis en melding, hvem som har godkjent den, og hvor langt utsendingen er kommet.

    Eksempel: varsel notice show 0123456789abcdef
    """
    client = client_for(url, key)
    found = ask(client, lambda: client.notice(notice), as_json=as_json)
    if as_json:
        print_json(found)
        return
    if notice:
        _show(found)
        out.print(_said(found), markup=False, soft_wrap=True)
        return
    for one in found["notices"]:
        out.print(
            f"{one['id']}  {_STATES[one['status']]}  {clock(one['at'])} av {one['by']}",
            markup=False,
            soft_wrap=True,
        )
    if not found["notices"]:
        out.print("Ingen meldinger.")


@app.command()
def approve(
    notice: _Id,
    yes: Annotated[bool, typer.Option("--yes", help="Ikke spør: du har lest meldingen.")] = False,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Godkjenn en melding. Når to har gjort det, blir den sendt. Viser den, og spør først.

    Eksempel: varsel notice approve 0123456789abcdef
    """
    client = client_for(url, key)
    if as_json and not yes:
        raise typer.BadParameter("med --json må du også gi --yes")
    if not yes:
        _ask_first(client, notice)
        client = client_for(url, key)  # `ask` has closed the other
    done = ask(client, lambda: client.notice_step(notice, "approve"), as_json=as_json)
    _tell(done, as_json=as_json)


@app.command()
def cancel(notice: _Id, url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Avbryt en melding som ikke er godkjent ennå. Ingen har fått den, og ingen får den.

    Eksempel: varsel notice cancel 0123456789abcdef
    """
    client = client_for(url, key)
    done = ask(client, lambda: client.notice_step(notice, "cancel"), as_json=as_json)
    _tell(done, as_json=as_json)


def _ask_first(client: Client, notice: str) -> None:
    _show(ask(client, lambda: client.notice(notice), as_json=False))
    try:
        answer = input("Godkjenne? [j/N] ").strip().lower()
    except EOFError:
        fail("Ingen svarte. Bruk --yes der ingen kan svare.")
    if answer not in ("j", "ja"):
        fail("Ikke godkjent.")


def _show(found: dict[str, Any]) -> None:
    """Print the whole of a notice, and whom it is for."""
    content = found["content"]
    for name, text in content.items():
        if name in notice_file.TEXTS and text:
            err.print(notice_file.heading(content["lang"], name), style="bold", markup=False)
            err.print(f"{text}\n", markup=False, soft_wrap=True)
    to = "alle vi har en adresse til, også dem som har meldt seg av"
    to = to if found["to"] is None else f"{found['to']} medlemmer"
    err.print(f"Til {to}. Skrevet av {found['by']}.", markup=False, soft_wrap=True)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        out.print(_said(found), markup=False, soft_wrap=True)


def _said(found: dict[str, Any]) -> str:
    """Where a notice is, and how it goes on."""
    notice, names = found["id"], ", ".join(one["by"] for one in found["approvals"])
    if found["status"] == "cancelled":
        return f"Meldingen (id {notice}) er avbrutt. Ingen har fått den."
    if found["status"] == "draft":
        approved = f"Godkjent av {names}. " if names else ""
        missing = found["approvals_wanted"] - len(found["approvals"])
        return (
            f"{approved}Meldingen (id {notice}) er ikke sendt. {missing} må godkjenne den:\n"
            f"  varsel notice approve {notice}"
        )
    delivery = found["delivery"]
    if problems := found["problems"]:
        given_up = ", ".join(f"{one['stream']}: {one['cause']}" for one in problems)
        return f"Godkjent av {names}, men STANSET ({given_up}). Se: varsel dead list"
    if delivery is None:
        return f"Godkjent av {names}. Utsendingen begynner om litt: varsel notice show {notice}"
    why = f" ({reason(delivery['cause'])})" if delivery["cause"] else ""
    return (
        f"Godkjent av {names}. {STATES[delivery['state']]}{why}: {delivery['handed_over']} av "
        f"{delivery['audience']} levert til e-posttjeneren, {delivery['failed']} mislyktes, "
        f"{delivery['suppressed']} utelatt, {delivery['open']} gjenstår.\n"
        f"Stans eller avbryt: varsel deliver {notice} --pause, --cancel"
    )
