"""Pure: all that is known of one member as one JSON document, in the member's words."""

from datetime import UTC, datetime
from typing import Any

from services.notify.bounces.marks import Mark
from services.notify.letters.asked import Asked, LetterKind
from services.notify.member_pages.everything.read_rest import Rest
from services.notify.member_pages.history.read_history import HistoryStep, MailedAlert
from services.notify.member_pages.history.told import told
from services.notify.member_pages.look import PageWords
from services.notify.member_pages.visit import LoggedIn
from services.notify.members.member import Member
from services.notify.members.moves import moves_of
from shared.visitors.sessions import Proof

_LETTERS = {
    LetterKind.JOIN: "bekreft påmelding",
    LetterKind.LOGIN: "logg inn",
    LetterKind.MOVE: "bekreft ny adresse",
    LetterKind.MOVED: "adressen er byttet",
    LetterKind.PASSKEY_ADDED: "ny passnøkkel",
    LetterKind.PASSKEY_REMOVED: "passnøkkel fjernet",
    LetterKind.WELCOME_BACK: "velkommen tilbake",
}
_PROOFS = {Proof.LETTER: "brev", Proof.PASSKEY: "passnøkkel"}
_WORDS = PageWords("nb")


def document(person: LoggedIn, about: dict[str, Any], rest: Rest) -> dict[str, Any]:
    """What `about.about` and `read_rest` found, for the member."""
    member, chosen = person.member, about["chosen"]
    alerts: list[MailedAlert] = about["alerts"]
    return {
        "medlem": _member(member)
        | {
            "meldt_av": person.has_left,
            "kommer_i_retur": about["is_unreachable"],
            "faar_ovelser": rest.is_staff,
            "numre": about["numbers"],
        },
        "samtykke": {"ord": about["consent"]} | _consent(member),
        "tidligere": [
            {"nummer": number} | _member(one) | {"samtykke": _consent(one)}
            for number, one in rest.earlier.items()
        ],
        "avmeldinger": [
            {
                "nummer": number,
                "tid": left.at.isoformat(),
                "hvordan": "gikk ut av registeret" if left.by_list else "meldte seg av",
            }
            for number, left in rest.endings.items()
        ],
        "innlogginger": [
            {
                "begynte": one.began.isoformat(),
                "med": _PROOFS.get(one.proof, one.proof),
                "vist": one.proved_at.isoformat(),
            }
            for one in rest.sessions
        ],
        "logget_ut_overalt": _iso(rest.logged_out_at),
        "passnokler": [
            {
                "laget": one.record.at.isoformat(),
                "sist_brukt": _iso(one.record.used_at),
                "offentlig_nokkel": one.record.public_key,
            }
            for one in about["passkeys"]
        ],
        "emner": None if chosen is None else [subject.id for subject in chosen],
        "brev": [_letter(one.asked) | {"bedt_om": one.made.isoformat()} for one in rest.letters],
        "lenker": [
            _letter(one.asked) | {"virker_til": one.until.isoformat()} for one in rest.links
        ],
        "retur": [_mark(number, mark) for number, mark in rest.marks],
        "varsler": [
            {
                "tittel": alert.title,
                "side": alert.path,
                "publisert": alert.published.isoformat(),
                "trukket": alert.is_withdrawn,
                "utsendinger": [_step(step, rest) for step in alert.steps],
            }
            for alert in alerts
        ],
        "meldinger": [
            one.content.model_dump(mode="json", exclude={"members"})
            | {"utsending": _step(one.step, rest)}
            for one in rest.notices
        ],
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "epost": member.email,
        "navn": member.name,
        "spraak": member.lang,
        "registre": [name for name in member.lists.split(",") if name],
        "adressen_byttet": [one.isoformat() for one in moves_of(member)],
    }


def _consent(member: Member) -> dict[str, Any]:
    return {
        "hvordan": member.how,
        "bedt_om": member.asked or None,
        "bekreftet": member.confirmed or None,
    }


def _letter(asked: Asked) -> dict[str, Any]:
    return {
        "hva": _LETTERS[asked.kind],
        "til": asked.email,
        "navn": asked.name or None,
        "emner": None if asked.subjects is None else list(asked.subjects),
    }


def _mark(number: int, mark: Mark) -> dict[str, Any]:
    return {
        "nummer": number,
        "utsending": mark.delivery,
        "kode": mark.code,
        "sendt": _second(mark.started),
        "kom": _second(mark.at),
    }


def _step(step: HistoryStep, rest: Rest) -> dict[str, Any]:
    relay = rest.relay[step.delivery]
    return {
        "hva": step.kind,
        "hva_skjedde": step.fate,
        "med_ord": told(step, _WORDS),
        "kode": relay.codes or None,
        "e_posttjenestens_ord": relay.reply or None,
        "avvist_ganger": relay.refusals,
        "kom_i_retur_med": relay.came_back or None,
        "mellom": [step.began.isoformat(), step.ended.isoformat()],
    }


def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
