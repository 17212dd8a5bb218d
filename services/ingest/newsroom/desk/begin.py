"""A new article: what it has before anybody has typed. Pure."""

from datetime import date
from typing import Literal

from services.ingest.desk.shape import Fields, in_shape
from services.ingest.newsroom.desk.used import UsedBefore
from shared.article import Kind, Lang
from shared.languages.say import nb, say

Beginning = Literal["nyhet", "varsel", "ovelse", "side", "personvern"]
_KINDS: dict[Beginning, Kind] = {"nyhet": "news", "side": "info", "personvern": "info"}
"""What is no alert."""


def begun(kind: Beginning, writer: str, today: date, used: UsedBefore, lang: Lang = "nb") -> Fields:
    """The fields of a new article by the person with the name `writer`, in `lang`. No advice is
    filled in: what nobody has thought of must not stand there."""
    fields = in_shape({})
    fields |= {
        "kind": _KINDS.get(kind, "safety_alert"),
        "lang": lang,
        "byline": say("Skrevet av {name}", lang).format(name=writer),
        "published_on": today.isoformat(),
    }
    if kind in _KINDS:
        return fields  # type: ignore[no-any-return]
    fields["kicker"] = say(nb("Varsel") if kind == "varsel" else nb("Øvelse"), lang)
    fields["sources"] = in_shape({"sources": [{}]})["sources"]
    alert = fields["alert"]
    alert["mode"] = "exercise" if kind == "ovelse" else "actual"
    alert["medicines"] = in_shape({"alert": {"medicines": [{}]}})["alert"]["medicines"]
    alert["what_to_do"] = [""]
    alert["seek_help_if"] = [""]
    alert["report"] = {"patient": used.patient, "health_personnel": used.health_personnel}
    return fields  # type: ignore[no-any-return]
