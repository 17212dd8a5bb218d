"""What the pages of the desk stand on."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from services.ingest.desk.judge_copy import JudgeCopy
from services.ingest.desk.open_copy import OpenCopy, OpenedCopy
from services.ingest.desk.save_copy import SaveCopy
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import Desk
from services.ingest.desk.submit_copy import SubmitCopy
from services.ingest.newsroom.desk.used import UsedMemory
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.shown.whom import whom
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from services.ingest.subjects.store import Subjects
from shared.article import Lang
from shared.child.remembered import Remembered


@dataclass(frozen=True)
class DeskParts:
    parts: Parts
    door: StaffDoor
    look: NewsroomLook
    desk: Desk
    open: OpenCopy
    save: SaveCopy
    submit: SubmitCopy
    judge: JudgeCopy
    memory: UsedMemory
    subjects: Subjects

    @classmethod
    def of(cls, parts: Parts, door: StaffDoor, look: NewsroomLook) -> "DeskParts":
        desk, subjects = Desk(parts.redis), Subjects(parts.redis)
        open_copy = OpenCopy(desk, parts.articles)
        return cls(
            parts=parts,
            door=door,
            look=look,
            desk=desk,
            open=open_copy,
            save=SaveCopy(desk, open_copy),
            submit=SubmitCopy(desk, open_copy, parts.submit_article, parts.save_revision),
            judge=JudgeCopy(Remembered(parts.children), parts.save_picture.pictures),
            memory=UsedMemory(parts.articles, subjects),
            subjects=subjects,
        )

    async def whom(self, opened: OpenedCopy, fields: Fields, lang: Lang) -> str:
        """Who gets what is typed, in a sentence: see newsroom/shown/whom.py."""
        return whom(fields, await self.subjects.all(), lang, is_live=opened.is_live)

    async def opened(self, article: str) -> OpenedCopy:
        """What there is of an article. HTTPException 404 if there is nothing."""
        found = await self.open(article)
        if found is None:
            raise HTTPException(404)
        return found
