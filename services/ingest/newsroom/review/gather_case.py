"""Flow: all that whoever approves has to see of an article, read together."""

from dataclasses import dataclass

from services.ingest.alike.terms import LiveArticle
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.steps import possible
from services.ingest.newsroom.doors.trial import are_both, other_name
from services.ingest.newsroom.review.reach import ReachInWords, reach
from services.ingest.newsroom.shown.changes import FieldChange, changes
from services.ingest.newsroom.shown.waits_for import WaitsFor, waits_for
from services.ingest.parts import Parts
from services.ingest.people.bonds import Bond, bonds
from services.ingest.people.person import Person
from services.ingest.people.store import People
from services.ingest.reading.text_check.findings import Warning
from services.ingest.receipts.shown_preview import ShownPreview, has_preview, shown_preview
from services.ingest.receipts.staff_reach import staff_reach
from services.ingest.remarks.remark import Remark
from services.ingest.remarks.store import Remarks
from services.ingest.subjects.store import Subjects
from shared.article import Lang
from shared.child.children import ChildDied, GaveUp
from shared.child.remembered import Remembered

_COMPARE_SECONDS = 15.0


@dataclass(frozen=True)
class Compared:
    """What is new since an earlier revision."""

    since: StoredRevision
    was: str
    """What became of that one: `approved`, `published` or `rejected`."""
    changes: list[FieldChange] | None
    """None if the two could not be compared: then all of it has to be read."""


@dataclass(frozen=True)
class Similar:
    """A live article that is like this one."""

    id: str
    about: LiveArticle


@dataclass(frozen=True)
class LaidBefore:
    """An article as it is laid before whoever approves."""

    stored: StoredArticle
    steps: tuple[str, ...]
    """What this person can do now."""
    wrote: bool
    """This person has written on it."""
    preview: ShownPreview | None
    """None if nothing waits, so that nothing is shown."""
    page_path: str | None
    """The preview's page in the site; None if there is none yet."""
    reach: ReachInWords | None
    compared: tuple[Compared, ...]
    """The newest earlier one first. Empty if nobody has approved or returned anything before."""
    similar: tuple[Similar, ...]
    warnings: tuple[Warning, ...]
    remarks: tuple[Remark, ...]
    bonds: tuple[Bond, ...]
    """Who invited those who approve, or may."""
    subjects: tuple[str, ...]
    """The names of those whose members get it; empty if all do."""
    waits: WaitsFor | None
    """Whom it waits for; None if it waits for nobody, or for this person."""

    @property
    def life(self) -> Life:
        return self.stored.life


class GatherCase:
    """Its calls raise Problem and redis-py's errors."""

    def __init__(self, parts: Parts, people: People, remarks: Remarks) -> None:
        self._parts = parts
        self._people = people
        self._remarks = remarks
        self._subjects = Subjects(parts.redis)
        self._remembered = Remembered(parts.children)

    async def __call__(self, article: str, who: Person, lang: Lang) -> LaidBefore:
        """The case of an article, as `who` sees it, with what has changed in `lang`.
        Problem 404 if there is none."""
        parts = self._parts
        stored = require(await parts.articles.find(article))
        life, head = stored.life, stored.head
        preview = page_path = None
        if has_preview(life):
            seen = await parts.previews.of(life)
            preview, page_path = shown_preview(life, seen, parts.site), seen.path
        return LaidBefore(
            stored=stored,
            steps=possible(life, who, parts.rules),
            wrote=wrote(life, who),
            preview=preview,
            page_path=page_path,
            reach=reach(life, preview) if preview else None,
            compared=await self._compared(stored, lang),
            similar=await self._similar(stored),
            warnings=await parts.take_step.reader.warnings(head.article),
            remarks=tuple(await self._remarks.of(article)),
            bonds=await self._bonds(life, who),
            subjects=await self._names(life),
            waits=await self._waits_for(life, who),
        )

    async def _compared(self, stored: StoredArticle, lang: Lang) -> tuple[Compared, ...]:
        wanted = bases(stored.life)
        earlier = (
            await self._parts.articles.revisions(stored.life.id, list(wanted)) if wanted else []
        )
        found = []
        for one in earlier:
            weight = len(one.article.body) + len(stored.head.article.body)
            differs: list[FieldChange] | None
            try:
                of = f"{one.sha256} {stored.head.sha256} {lang}"
                differs = await self._remembered.run(
                    of, weight, _COMPARE_SECONDS, changes, one, stored.head, lang
                )
            except (GaveUp, ChildDied):
                differs = None
            found.append(Compared(one, wanted[one.revision], differs))
        return tuple(found)

    async def _similar(self, stored: StoredArticle) -> tuple[Similar, ...]:
        alike, live = self._parts.warn_of_alike, stored.live
        warned = await alike(stored.life.id, stored.head.article, live.article if live else None)
        about = await alike.articles.about([one.article for one in warned if one.article])
        return tuple(Similar(id_, one) for id_, one in about.items())

    async def _bonds(self, life: Life, who: Person) -> tuple[Bond, ...]:
        approvers = [approval.person for approval in life.approvals]
        if "approve" in possible(life, who, self._parts.rules):
            approvers.append(who.id)
        records, let_in = await self._people.records(), await self._people.let_in()
        return bonds(approvers, life.author_ids, records, let_in)

    async def _waits_for(self, life: Life, who: Person) -> WaitsFor | None:
        rules = self._parts.rules
        if life.state != "in_review" or "approve" in possible(life, who, rules):
            return None
        other = "" if are_both(life.author_ids) else other_name(who.id)
        staff, reach = await self._people.all(), await staff_reach(self._parts.redis)
        return waits_for(life, staff, rules, reach, other)

    async def _names(self, life: Life) -> tuple[str, ...]:
        wanted = life.matched.subjects if life.matched else None
        if not wanted:
            return ()
        names = {one.id: one.name for one in await self._subjects.all()}
        return tuple(names.get(id_, id_) for id_ in wanted)


def bases(life: Life) -> dict[int, str]:
    """The earlier revisions that the newest one is compared with, and what became of each: the last
    that was approved or published, and the last that was rejected, if that is newer."""
    known: dict[int, str] = {}
    if life.history and life.history[-1].revision < life.revision:
        known[life.history[-1].revision] = "published"
    if life.last_approved and life.last_approved < life.revision:
        known.setdefault(life.last_approved, "approved")
    known = {number: known[number] for number in sorted(known, reverse=True)[:1]}
    rejected = [one.revision for one in life.returns if one.step == "reject"]
    newer = [number for number in rejected if max(known, default=0) < number < life.revision]
    return ({newer[-1]: "rejected"} if newer else {}) | known


def wrote(life: Life, who: Person) -> bool:
    """Whether this person has written on the article."""
    return who.id in life.author_ids
