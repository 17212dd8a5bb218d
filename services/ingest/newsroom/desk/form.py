"""A working copy as its form shows it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.ingest.desk.judge import CopyRemark, JudgedCopy
from services.ingest.desk.shape import LINES, Fields, at, in_shape, is_blank, listed
from services.ingest.desk.to_submission import place_of
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.words import FieldOption, FieldWords
from services.ingest.newsroom.look import NewsroomWords
from services.ingest.problems import FieldError
from services.ingest.reading.lint import HIGHEST_LIX, LONGEST_TITLE

_MOST_IDEAS = 12
"""Topics that are offered."""
_EASY_LIX = 30
"""A text with a LIX up to this reads easily; see reading/readability.py."""


@dataclass(frozen=True)
class FieldNote:
    """What stands beside a field, or in the checklist."""

    id: str
    """Of the field, or of the group it is in."""
    label: str
    message: str
    is_wrong: bool
    """It must be mended; a warning if not."""


class FormView:
    """The fields, and what is said of each. With `all_missing`, also of those that nobody has
    touched yet."""

    longest_title = LONGEST_TITLE

    def __init__(self, fields: Fields, judged: JudgedCopy, *, all_missing: bool = False) -> None:
        self.fields = in_shape(fields)
        self.missing = [_note(one, is_wrong=True) for one in judged.missing]
        self.warnings = [_note(one, is_wrong=False) for one in judged.warnings]
        self.title_characters = judged.title_characters
        self.lix = {
            "alert": how_hard(judged.hardness.alert),
            "text": how_hard(judged.hardness.text),
        }
        """In words, of each part."""
        self._notes: Mapping[str, list[FieldNote]] = _by_id(self._beside(all_missing))

    def _beside(self, all_missing: bool) -> Iterable[FieldNote]:
        yield from (
            one for one in self.missing if all_missing or not is_blank(self.value(one.id) or "")
        )
        yield from self.warnings

    def value(self, path: str) -> Any:
        """What was typed in the field or the group at `path`; None if there is no such row."""
        found: Any = self.fields
        for part in path.split("."):
            if isinstance(found, list):
                found = found[int(part)] if int(part) < len(found) else None
            else:
                found = (found or {}).get(part)
        return found

    def words(self, path: str) -> FieldWords:
        return words.of(path)

    def options(self, path: str) -> tuple[FieldOption, ...]:
        return words.OPTIONS[path]

    def notes(self, path: str) -> list[FieldNote]:
        return self._notes.get(path, [])

    def listed(self, path: str) -> list[str]:
        """What a field that is a list of texts holds."""
        return [one for _, one in listed(self.value(path) or "", at(path))]

    def topic_ideas(self, used: Iterable[str]) -> list[str]:
        """Topics to pick: those used before, and the medicines and illnesses of this article. What
        it has already is left out."""
        alert = self.fields["alert"] if self.is_alert else {}
        own = [one["substance"].strip() for one in alert.get("medicines", ())]
        own += [one for _, one in listed(alert.get("conditions", ""), LINES)]
        there = {one.casefold() for one in self.listed("topics")}
        ideas = {one.casefold(): one for one in [*own, *used] if one}
        return [one for folded, one in ideas.items() if folded not in there][:_MOST_IDEAS]

    @property
    def is_alert(self) -> bool:
        return bool(self.fields["kind"] == "safety_alert")

    @property
    def is_exercise(self) -> bool:
        return self.is_alert and self.fields["alert"]["mode"] in ("exercise", "test")

    def refused(self, errors: Iterable[FieldError]) -> list[FieldNote]:
        """What a flow refuses, at its place in the form."""
        remarks = (
            CopyRemark(place_of(self.fields, one.field), one.field, one.message) for one in errors
        )
        return [_note(one, is_wrong=True) for one in remarks]

    def told(self, t: NewsroomWords) -> dict[str, Any]:
        """All that a script shows while somebody types, in the language of `t`."""
        return {
            "missing": [_told(one, t) for one in self.missing],
            "notes": [_told(one, t) for notes in self._notes.values() for one in notes],
            "title": self.title_characters,
            "lix": {part: t.message(said) for part, said in self.lix.items()},
        }


def how_hard(lix: int) -> str:
    """A LIX in words; empty if there is no text."""
    if not lix:
        return ""
    if lix <= _EASY_LIX:
        return f"{lix}, lett"
    return f"{lix}, middels" if lix <= HIGHEST_LIX else f"{lix}, tung: kort ned setningene"


def _note(remark: CopyRemark, *, is_wrong: bool) -> FieldNote:
    name = remark.place.name
    if at(name) is None or name == "":
        name, label = "title", "Saken"
    else:
        label = words.named(name)
    message = words.plain(remark.message)
    if remark.place.line:
        message = f"linje {remark.place.line}: {message}"
    message = message[:1].upper() + message[1:]
    return FieldNote(name, label, message, is_wrong)


def _by_id(notes: Iterable[FieldNote]) -> dict[str, list[FieldNote]]:
    found: dict[str, list[FieldNote]] = defaultdict(list)
    for note in notes:
        found[note.id].append(note)
    return dict(found)


def _told(note: FieldNote, t: NewsroomWords) -> dict[str, Any]:
    return {
        "id": note.id,
        "label": t.label(note.label),
        "message": t.message(note.message),
        "wrong": note.is_wrong,
    }
