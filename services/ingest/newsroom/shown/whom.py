"""Who gets what is being written, by the subjects that it names so far. Pure."""

from collections.abc import Sequence

from services.ingest.desk.concerned import concerned
from services.ingest.desk.shape import Fields, in_shape
from shared.article import Lang
from shared.languages.say import nb, say
from shared.subject import Subject
from shared.subjects.match import Matched


def whom(fields: Fields, subjects: Sequence[Subject], lang: Lang, *, is_live: bool) -> str:
    """A sentence for whoever writes, in their language; empty if nobody gets mail of it, or there
    is nothing that members could choose by. `is_live`: readers have a revision of it."""
    typed = in_shape(fields)
    if typed["kind"] != "safety_alert" or not subjects:
        return ""
    if is_live and typed["change"]["kind"] == "edit":
        return say(
            nb("Ingen. Dette er en mindre endring: siden blir ny, og ingen får e-post."), lang
        )
    is_correction = is_live and typed["change"]["kind"] == "correction"
    if typed["alert"]["mode"] in ("exercise", "test"):
        return say(nb("Øvelsen går bare til medlemmer som er merket som ansatte."), lang)
    matched = concerned(fields, subjects)
    if is_correction and not (matched and matched.unmatched):
        return say(
            nb(
                "Rettelsen går til dem som har fått varselet, og til dem som står for tur. "
                "Gjelder den flere enn før, får de den også."
            ),
            lang,
        )
    return _by_subject(matched, subjects, lang)


def _by_subject(matched: Matched | None, subjects: Sequence[Subject], lang: Lang) -> str:
    if matched is None:
        return say(
            nb("Skriv hvilke medisiner det gjelder, så står det her hvem som får varselet."), lang
        )
    if matched.extreme:
        return say(nb("Den går til alle, fordi den er svært alvorlig."), lang)
    if matched.unmatched:
        said = say(
            nb(
                "Den går til alle, fordi dette ikke er navn på noe emne: {names}. "
                "Er det en skrivefeil, så rett den."
            ),
            lang,
        )
        return said.format(names=", ".join(f"«{name}»" for name in matched.unmatched))
    names = {one.id: one.name for one in subjects}
    said = say(
        nb("Den går til dem som har valgt {names}, og til dem som vil ha alle varsler."), lang
    )
    return said.format(names=", ".join(names[one] for one in matched.subjects or ()))
