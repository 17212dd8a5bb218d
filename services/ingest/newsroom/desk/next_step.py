"""Where an article is, in words, and the one step that comes next for whoever looks. Pure."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.steps import Rules, possible
from services.ingest.newsroom.shown.who import who
from services.ingest.people.person import Person
from shared.languages.say import nb


@dataclass(frozen=True)
class NextStep:
    where: str
    """Where it is, as a heading."""
    why: str
    """What that means, in a sentence; `{name}` stands for `who`."""
    label: str
    """Of the button."""
    page: str
    """Below the article's address."""
    who: str = ""


def next_step(opened: OpenedCopy, looks: Person, rules: Rules) -> NextStep:
    """The next step of what was opened, for whoever looks. What waits for somebody, or for its
    time, comes first, whatever is typed on it since: nobody may take that for a draft."""
    life = opened.life
    if life is not None and life.state == "in_review":
        return _in_review(life, looks, rules)
    if life is not None and life.state in _SET:
        return _SET[life.state]
    if life is None or opened.is_typed:
        return _typed(life)
    return _draft(life) if life.state == "draft" else _OUT


def waits_behind_what_is_out(opened: OpenedCopy) -> bool:
    """Whether a revision waits while readers see an earlier one, and the step does not say so."""
    life = opened.life
    if life is None or life.live is None or (life.state == "draft" and opened.is_typed):
        return False
    return life.state in ("draft", "in_review", "approved")


def may_be_sent_in(opened: OpenedCopy) -> bool:
    """Whether there is something that can be sent in, and was not."""
    life = opened.life
    if life is None or life.state == "draft":
        return True
    return opened.is_typed and life.state != "withdrawn"


_STILL_WAITS = nb("Den trenger flere godkjenninger. Les den nøye før du svarer.")
_WAITS = NextStep(
    nb("Godkjent, og venter på tiden"),
    nb("Den går ut av seg selv når tiden er inne. Til da kan alle stoppe den."),
    nb("Se nedtellingen, eller stopp"),
    "stopp/",
)
_OUT = NextStep("Ute", nb("Leserne ser den nå."), nb("Se hvordan det går"), "kvittering/")
_WITHDRAWN = NextStep(
    "Trukket tilbake",
    nb("Den er trukket for godt."),
    nb("Se hvem som fikk vite det"),
    "kvittering/",
)
_SET = {"approved": _WAITS, "withdrawn": _WITHDRAWN}
"""States in which nothing that is typed changes what comes next."""


def _typed(life: Life | None) -> NextStep:
    if life is not None and life.live is not None:
        return NextStep(
            nb("Ute, med endringer som ikke er sendt inn"),
            nb("Leserne ser den gamle teksten til endringene er sendt inn og godkjent."),
            nb("Skriv videre"),
            "skriv/",
        )
    return NextStep(
        nb("Utkast"),
        nb("Bare dere i redaksjonen ser den. Alt du skriver, blir lagret."),
        nb("Skriv videre"),
        "skriv/",
    )


def _draft(life: Life) -> NextStep:
    returned = life.returned(life.revision)
    if returned and returned.step == "reject":
        why = nb("{name} har avvist den. Les hvorfor, rett, og send inn på nytt.")
        return NextStep("Avvist", why, "Rett den", "skriv/", who(returned.by))
    if returned:
        why = nb("{name} har stoppet den. Rett det som må rettes, og send inn på nytt.")
        return NextStep("Stoppet", why, "Rett den", "skriv/", who(returned.by))
    return NextStep("Utkast", nb("Den er lagret, og ikke sendt inn."), nb("Skriv videre"), "skriv/")


def _in_review(life: Life, looks: Person, rules: Rules) -> NextStep:
    if "approve" in possible(life, looks, rules):
        why = _STILL_WAITS
        if life.last.step == "submit":
            why = nb("{name} har sendt den inn. Les den nøye før du svarer.")
        label = nb("Se på den, og godkjenn eller avvis")
        return NextStep("Venter på deg", why, label, "godkjenn/", who(life.last.by))
    return NextStep(
        "Til godkjenning",
        nb("En annen enn dem som har skrevet den, må godkjenne den."),
        "Se hvordan den blir",
        "vis/",
    )


def time_left(due: datetime, now: datetime) -> str:
    """How long it is until `due`, in words."""
    seconds = (due - now).total_seconds()
    if seconds <= 0:
        return "nå"
    if seconds < 90:
        return "om under to minutter"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"om {minutes} minutter"
    hours = round(minutes / 60)
    return f"om {hours} timer" if hours < 48 else f"om {round(hours / 24)} dager"
