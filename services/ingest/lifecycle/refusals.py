"""The answers to steps that are not possible now, or that this person may not take.

Each function gives a Problem, which its caller raises.
"""

from services.ingest.lifecycle.life import ArticleState, Life, Step
from services.ingest.problems import FieldError, Problem, invalid
from shared.event_data import MailPreview
from shared.languages.say import nb

_STATES: dict[ArticleState, str] = {
    "draft": "en kladd",
    "in_review": "til godkjenning",
    "approved": "klar, og blir publisert når tiden er inne",
    "published": "publisert",
    "withdrawn": "trukket tilbake for godt",
}
_STEPS: dict[Step, str] = {
    "save": "lagre en ny utgave (save, eller correct og edit når den er publisert)",
    "submit": "sende den til godkjenning (submit)",
    "approve": "godkjenne den (approve)",
    "reject": "avvise den (reject)",
    "stop": "stoppe den (stop)",
    "publish": "publisere den",
    "withdraw": "trekke den tilbake (withdraw)",
}


def not_now(life: Life, possible: tuple[Step, ...]) -> Problem:
    """409: the step is not possible from the article's state. It names the `possible` ones."""
    ways = "; ".join(_STEPS[step] for step in possible) or "ingenting; skriv en ny sak"
    return Problem(
        409,
        "not-now",
        nb("Det går ikke nå"),
        f"Saken er {_where(life)}. Det du kan gjøre nå, er: {ways}.",
        more={"state": life.state, "steps": list(possible)},
    )


def _where(life: Life) -> str:
    state = _STATES[life.state]
    is_newer = life.live is not None and life.live != life.revision
    return f"publisert, og utgave {life.revision} er {state}" if is_newer else state


def an_author() -> Problem:
    return _forbidden(
        nb(
            "Du har selv skrevet på saken. Et varsel må godkjennes av en annen enn dem som har "
            "skrevet det."
        )
    )


def not_an_approver() -> Problem:
    return _forbidden(
        "Dette krever en nøkkel med rollen approver; be den som drifter Varsel, om en, eller be en "
        "som har den."
    )


def _forbidden(detail: str) -> Problem:
    return Problem(403, "forbidden", nb("Ingen adgang"), detail)


def correction_waits() -> Problem:
    return invalid(
        FieldError(
            "change",
            "en rettelse venter, og blir ikke sendt til noen hvis den gjøres om til en mindre "
            "endring; bruk «kind: correction» (varsel correct), også for å rette på rettelsen",
        )
    )


def other_kind() -> Problem:
    return invalid(
        FieldError("kind", "kan ikke endres når saken er publisert; trekk den, og skriv en ny sak")
    )


def other_mode() -> Problem:
    """422. Members who got an alert in earnest would be told of an exercise, or the reverse."""
    return invalid(
        FieldError(
            "alert.mode",
            "kan ikke endres når varselet er publisert; trekk det, og skriv et nytt",
        )
    )


def change_wanted() -> Problem:
    return invalid(
        FieldError(
            "change",
            "saken er publisert; skriv hva endringen er: kind «edit» (sendes ingen) eller "
            "«correction» (sendes alle som har fått varselet), og note med hva som er endret",
        )
    )


def change_too_early() -> Problem:
    return invalid(
        FieldError("change", "saken er ikke publisert, så ingen har lest den; fjern feltet")
    )


def seen_another(life: Life) -> Problem:
    """412: somebody has saved since the client fetched the article."""
    return Problem(
        412,
        "changed-meanwhile",
        nb("Saken er endret i mellomtiden"),
        f"{life.last.by} har lagret en ny utgave; hent saken på nytt, og se den først.",
        more={"etag": life.etag},
    )


def look_first() -> Problem:
    """428 (RFC 6585, section 3): without `If-Match` the client may not know what it changes."""
    message = "send ETag-en som du fikk da du hentet saken"
    return Problem(
        428, "look-first", nb("Hent saken først"), errors=[FieldError("If-Match", message)]
    )


def same_content(first_id: str, url: str) -> Problem:
    """409: article `first_id`, whose page is at `url`, has the same content."""
    return Problem(
        409,
        "same-content",
        nb("Saken finnes allerede"),
        f"Det samme innholdet er sendt inn før, som sak {first_id}; endre det, eller bruk den.",
        more={"article": first_id, "url": url},
    )


def moved_already(article: str) -> Problem:
    """409: an article was moved from one of these addresses before."""
    return Problem(
        409,
        "moved-already",
        "Adressen er flyttet før",
        f"Sak {article} er importert fra en av adressene; en gammel adresse fører til én sak.",
        more={"article": article},
    )


def mail_unknown() -> Problem:
    """409: notify has not told what mail it would be."""
    return Problem(
        409,
        "mail-unknown",
        nb("E-posten er ikke klar"),
        "Det er ikke kjent ennå om varselet kan sendes som e-post. Se på forhåndsvisningen "
        "(preview) om litt, og godkjenn så. Varer det, står utsendingen: si fra til den som "
        "drifter Varsel.",
    )


def not_mailable(mail: MailPreview) -> Problem:
    """409: nobody could be mailed it."""
    return Problem(
        409,
        "not-mailable",
        nb("Varselet kan ikke sendes"),
        why_not_mailable(mail),
        more={"refused": mail.refused, "size": mail.size, "relay_takes": mail.relay_takes},
    )


def why_not_mailable(mail: MailPreview) -> str:
    """Why nobody can be mailed it, and what to do, for its editor."""
    if mail.refused == "too_large":
        return (
            f"E-posten blir på {_kilobytes(mail.size)}, og e-posttjeneren tar imot høyst "
            f"{_kilobytes(mail.relay_takes or 0)}. Kort ned varselet; detaljer kan stå i "
            "brødteksten."
        )
    return (
        "Teksten har tegn som bare Varsel selv kan sette i en e-post. Skriv lange koder og "
        "adresser i varselet på nytt, og si fra til den som drifter Varsel."
    )


def _kilobytes(octets: int) -> str:
    """Rounded up, since it is told if something is too large."""
    return f"{-(-octets // 1000):,} kB".replace(",", "\u00a0")
