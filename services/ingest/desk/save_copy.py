"""Saves what somebody typed, or tells that another's text is there by now."""

from dataclasses import dataclass

from services.ingest.desk.open_copy import OpenCopy, OpenedCopy, of_revision
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import Conflict, Desk, WorkingCopy
from services.ingest.people.person import Person
from services.ingest.problems import not_found
from shared.languages.say import nb

_NEVER = -1
"""A version that no copy has, so that what is saved with it is laid aside."""


@dataclass(frozen=True)
class TypedText:
    """What a form sends."""

    fields: Fields
    version: int
    """Of the working copy that was seen; 0 if it was a revision."""
    base: int
    """The revision that the text began from."""
    sitting: str
    """Of this form in this browser."""
    marks: str = ""
    """Of the fields as they were seen; see differences.py."""


@dataclass(frozen=True)
class SaveCopy:
    desk: Desk
    open: OpenCopy

    async def __call__(
        self, article: str, typed: TypedText, person: Person
    ) -> WorkingCopy | Conflict:
        """Save what was typed on an article. Raises Problem 404 if there never was one.

        If somebody has thrown the draft away meanwhile, it is there again: with the text of whoever
        went on writing. A Conflict has what is there now, which may be a newer revision; what was
        typed is laid aside. What is the same as that is no conflict, and makes nobody a writer.
        What is the same as the newest revision again is no copy any more: nobody has written on it.
        """
        opened = await self.open(article)
        if opened is None:
            if typed.version == 0:
                raise not_found(nb("Det er ingen sak med denne id-en."))
            return await self._save(article, typed, 0, person)
        there = opened.copy
        if typed.fields == there.fields:
            await self.desk.drop_aside(article, typed.sitting)
            return there
        was = _taken_back(opened, typed)
        if was and await self.desk.remove(there):
            await self.desk.drop_aside(article, typed.sitting)
            return was
        newer = typed.version == 0 and typed.base != there.base
        done = await self._save(article, typed, _NEVER if newer else typed.version, person)
        return Conflict(there) if isinstance(done, Conflict) and done.theirs is None else done

    async def _save(
        self, article: str, typed: TypedText, version: int, person: Person
    ) -> WorkingCopy | Conflict:
        return await self.desk.save(
            article,
            typed.fields,
            version,
            person,
            sitting=typed.sitting,
            marks=typed.marks,
            base=typed.base,
        )


def _taken_back(opened: OpenedCopy, typed: TypedText) -> WorkingCopy | None:
    """The newest revision, if whoever saw the newest copy took away all that this has more; else
    None."""
    if opened.stored is None or not opened.is_typed or typed.version != opened.copy.version:
        return None
    fresh = of_revision(opened.stored)
    is_same = typed.fields == fresh.fields and typed.base == opened.copy.base == fresh.base
    return fresh if is_same else None
