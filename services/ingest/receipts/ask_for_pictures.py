"""Flow: ask for the other files of pictures that have none, though their pages are live.

Nobody asked for them if the page was live before there were such files, or if the folder of
pictures was put back from an older backup than Redis. So it is looked for at each start.
"""

from dataclasses import dataclass

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.store import STATES, Articles
from services.ingest.pictures.scale_pictures import ScalePictures
from services.ingest.pictures.store import AskedPictures
from shared import log
from shared.article import Picture

_AT_ONCE = 200
"""Articles that are read in one call."""


@dataclass(frozen=True)
class AskForPictures:
    articles: Articles
    scale: ScalePictures

    async def then_scale(self) -> None:
        """Ask for what is missing, then make what is asked for, until cancelled."""
        await self()
        await self.scale()

    async def __call__(self) -> None:
        """Ask for what is missing. Raises redis-py's errors: then it is to be done again.

        All articles are read if that was never done for files such as they are made now, or if one
        of the files is missing.
        """
        to_scale = self.scale.to_scale
        if await to_scale.all_were_asked_for() and not await self._is_one_missing():
            return
        asked = 0
        for state in STATES:
            if state != "withdrawn":
                async for lives in self.articles.each(state, _AT_ONCE):
                    asked += await self._ask(lives)
        await to_scale.note_all_asked_for()
        log.get("ingest").info("pictures_asked_for", articles=asked)

    async def _is_one_missing(self) -> bool:
        async for sizes in self.scale.to_scale.all_known():
            if not self.scale.is_there(sizes):
                return True
        return False

    async def _ask(self, lives: list[Life]) -> int:
        """Ask for the pictures of these articles that lack files. Gives of how many articles it
        asked for some."""
        asked = 0
        for life in lives:
            if life.live is None:
                continue
            [shown] = await self.articles.revisions(life.id, [life.live])
            pictures: dict[str, Picture] = {one.name: one for one in shown.pictures.values()}
            known = await self.scale.to_scale.known(list(pictures.values())) if pictures else {}
            if any(name not in known or not self.scale.is_there(known[name]) for name in pictures):
                wish = AskedPictures(
                    article=life.id, revision=life.live, pictures=tuple(pictures.values())
                )
                asked += await self.scale.to_scale.ask(wish)
        return asked
