"""Two texts of one article, part by part: what each becomes is chosen here."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.desk.differences import Side, differing, marks, merged
from services.ingest.desk.open_copy import OpenedCopy, fields_of, of_revision
from services.ingest.desk.save_copy import TypedText
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import Conflict
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.sent import SentForm, sent
from services.ingest.newsroom.look import NewsroomWords
from services.ingest.newsroom.visit import StaffVisit, to

_REVISION = "utgave"
"""Stands for the working copy, beside a revision that was saved since it began."""


@dataclass(frozen=True)
class TwoTexts:
    sitting: str
    mine: Fields
    theirs: Fields
    who: str
    """Whose the other one is; empty if that is not known."""
    marks: str
    """Of what `mine` began from, as far as that is known."""
    version: int
    """Of the working copy that the chosen text is saved upon."""
    base: int

    @property
    def seen(self) -> str:
        """What somebody who chooses has seen of the other text."""
        return f"{self.version}-{self.base}"


class ChoosePages:
    def __init__(self, desk: DeskParts) -> None:
        self._desk = desk

    async def choose(self, request: Request) -> Response:
        article = request.path_params["id"]
        visit = await self._desk.door.staff(request)
        got = await sent(request) if request.method == "POST" else None
        if got:
            await self._desk.door.check(request, got.token)
        sitting = got.text("sitting") if got else request.query_params.get("tekst", "")
        opened = await self._desk.opened(article)
        two = await self._two(visit, opened, sitting)
        if two is None:
            return to(f"/redaksjon/sak/{article}/skriv/")
        if got is None:
            return self._page(visit, opened, two, {})
        if got.text("knapp") == "kast" and sitting != _REVISION:
            await self._desk.desk.drop_aside(article, sitting)
            return to(f"/redaksjon/sak/{article}/skriv/")
        return await self._chosen(visit, opened, two, got)

    async def _two(self, visit: StaffVisit, opened: OpenedCopy, sitting: str) -> TwoTexts | None:
        """The two texts; None if nothing is to be chosen any more. What another person could not
        save is for that person to choose: whoever typed a word is an author."""
        copy, stored = opened.copy, opened.stored
        if sitting == _REVISION:
            if not (stored and opened.is_typed and opened.is_behind):
                return None
            began = await self._desk.parts.articles.revisions(copy.id, [copy.base])
            seen = marks(fields_of(stored.life, began[0])) if copy.base and began else ""
            theirs = of_revision(stored).fields
            base = stored.life.revision
            return TwoTexts(sitting, copy.fields, theirs, stored.head.by, seen, copy.version, base)
        asides = await self._desk.desk.asides(copy.id)
        for one in asides:
            if one.sitting == sitting and one.by == visit.who.id:
                who = copy.names.get(copy.by, "") if opened.is_typed or not stored else ""
                who = who or (stored.head.by if stored else "")
                return TwoTexts(
                    sitting, one.fields, copy.fields, who, one.marks, copy.version, copy.base
                )
        return None

    async def _chosen(
        self, visit: StaffVisit, opened: OpenedCopy, two: TwoTexts, got: SentForm
    ) -> Response:
        article = opened.copy.id
        chosen: dict[str, Side] = {
            name.removeprefix("valg:"): value  # type: ignore[misc]
            for name, value in got.pairs
            if name.startswith("valg:") and value in ("mine", "theirs", "both")
        }
        wanted = differing(two.mine, two.theirs)
        if got.text("utgave") != two.seen or any(one.path not in chosen for one in wanted):
            return self._page(visit, opened, two, chosen, tried=True)
        fields = merged(two.mine, two.theirs, chosen)
        new = TypedText(fields, two.version, two.base, two.sitting, two.marks)
        saved = await self._desk.save(article, new, visit.who)
        if isinstance(saved, Conflict):
            return to(f"/redaksjon/sak/{article}/velg/?tekst={two.sitting}")
        await self._desk.desk.drop_aside(article, two.sitting)
        return to(f"/redaksjon/sak/{article}/skriv/")

    def _page(
        self,
        visit: StaffVisit,
        opened: OpenedCopy,
        two: TwoTexts,
        chosen: dict[str, Side],
        *,
        tried: bool = False,
    ) -> Response:
        return self._desk.look.page(
            visit,
            "desk/conflict.html",
            409 if tried else 200,
            opened=opened,
            two=two,
            found=differing(two.mine, two.theirs, two.marks),
            may_throw=two.sitting != _REVISION,
            chosen=chosen,
            tried=tried,
            named=words.named,
            shown=partial(_shown, NewsroomWords(visit.lang)),
        )


def _shown(t: NewsroomWords, path: str, value: Any) -> str:
    """A part of a text as somebody reads it: a choice as the form says it."""
    labels = {one.value: one.label for one in words.OPTIONS.get(path, ())}
    return t(labels[value]) if isinstance(value, str) and value in labels else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(f"{place}. {_written(row)}" for place, row in enumerate(value, 1))
    if isinstance(value, dict):
        said = (", ".join(one.split("\n")) for one in map(_written, value.values()) if one.strip())
        return " · ".join(said)
    return str(value)
