"""What an entry of the audit trail says, in a sentence. Pure."""

from services.ingest.audit.entries import BrokenWhy, TrailEntry
from services.ingest.lifecycle.steps import CLOCK
from services.ingest.people.person import ROLE_NAMES, is_role
from services.ingest.people.store import OPERATOR
from shared.languages.say import Nb

WORDS: Nb[dict[str, str]] = {
    "saved": "Lagret",
    "imported": "Importerte fra {from}",
    "submitted": "Sendte til godkjenning",
    "approved": "Godkjente",
    "rejected": "Avviste",
    "stopped": "Stoppet",
    "scheduled": "Satte tidspunkt for publisering",
    "published": "Publiserte",
    "withdrawn": "Trakk tilbake",
    "reached": "Utsendingen nådde {handed_over} av {audience}",
    "person_added": "Slapp inn {name} ({role})",
    "role_changed": "Gjorde {name} til {role}",
    "person_revoked": "Tok ut {name}",
    "invitation_made": "Laget en lenke inn for {name}",
    "invitation_used": "Brukte lenken inn",
    "key_created": "Laget nøkkelen {key} til {name}",
    "key_carried": "Nøkkelen {key} ble knyttet til {name}",
    "key_revoked": "Gjorde nøkkelen {key} ugyldig",
    "passkey_made": "Laget en passnøkkel",
    "passkey_removed": "Fjernet en passnøkkel",
    "account_added": "Knyttet en konto til innloggingen",
    "expert_asked": "Laget en lenke til en fagperson",
    "expert_link_ended": "Avsluttet lenken til en fagperson",
    "remark_added": "La inn en merknad",
    "delivery_held": "Satte utsendingen på pause",
    "delivery_resumed": "Satte utsendingen i gang igjen",
    "delivery_cancelled": "Avbrøt utsendingen",
    "delivery_tried_again": "Ba om å prøve dem som feilet, en gang til",
    "address_given": "La inn en adresse for beskjeder",
    "subject_added": "La til emnet {subject}",
    "subject_changed": "Endret emnet {subject}",
    "subject_removed": "Fjernet emnet {subject}",
    "site_changed": "Endret nettstedet",
    "found_member": "Slo opp et medlem",
    "showed_member": "Så hva som er lagret om et medlem",
    "exported_member": "Hentet ut det som er lagret om et medlem",
    "changed_member": "Endret noe om et medlem",
    "erased_member": "Slettet et medlem",
    "imported_members": "Tok inn medlemmer fra en liste",
    "exported_members": "Skrev medlemmene til en fil",
    "undid_sync": "Angret en synkronisering av medlemmer",
    "listed_unreachable": "Så på medlemmer som ikke får e-post",
    "forgot_bounces": "Lot et medlem få e-post igjen",
    "backup_put_back": "La tilbake en sikkerhetskopi fra {made_at}",
    "resumed_after_backup": "Lot systemet gå videre etter en sikkerhetskopi",
    "notice_drafted": "Skrev en melding til medlemmer",
    "notice_approved": "Godkjente en melding til medlemmer",
    "notice_cancelled": "Avbrøt en melding til medlemmer",
}
_ACTORS: Nb[dict[str, str]] = {
    OPERATOR: "Den som drifter Varsel",
    CLOCK: "Varsel",
    "notify": "Varsel",
    "expert": "Fagperson",
}
BROKEN: Nb[dict[BrokenWhy, str]] = {
    "unreadable": "oppføringen kan ikke leses",
    "changed": "oppføringen er endret etter at den ble skrevet",
    "number": "oppføringen mangler, er flyttet eller står to ganger",
    "previous": "oppføringen følger ikke den som står foran",
    "end": "sporet slutter for tidlig",
    "beyond": "oppføringen står etter slutten; den har ikke Varsel skrevet",
    "root": "sporet er avkortet eller skrevet om",
}


def actor(entry: TrailEntry) -> str:
    """Who did it, as people read it."""
    return _ACTORS.get(entry.actor, entry.actor)


def words(entry: TrailEntry) -> tuple[str, dict[str, str]]:
    """What was done, with places for values, and the values. An action that has no words here is
    told as it stands in the trail."""
    said = WORDS.get(entry.what)
    if said is None:
        return entry.what.replace("_", " "), {}
    detail = {name: str(value) for name, value in entry.detail.items()}
    if is_role(role := detail.get("role", "")):
        detail["role"] = ROLE_NAMES[role]  # type: ignore[index]
    try:
        said.format(**detail)
    except KeyError:
        return said.partition(" {")[0], {}
    return said, detail
