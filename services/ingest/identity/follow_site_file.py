"""Looks at `site.yaml` and says what it says, whenever it or a picture beside it changes."""

import asyncio
from pathlib import Path

from redis.exceptions import RedisError

from services.ingest.identity.site_file import ReadSiteFile, SiteFileError, fingerprint, there
from services.ingest.identity.store import Identities
from shared import log

_LOOK_SECONDS = 3.0
_ACTOR = "operator"
"""As the trail names whoever runs Varsel: the folder is theirs."""


class FollowSiteFile:
    def __init__(self, theme: Path | None, read: ReadSiteFile, identities: Identities) -> None:
        self._theme = theme
        self._read = read
        self._identities = identities
        self._seen: object = None
        self._wrong = ""

    def problems(self) -> list[str]:
        """For health: what keeps the file from being followed."""
        return [f"site.yaml not followed: {self._wrong}"] if self._wrong else []

    async def follow(self) -> None:
        """Follow the file until cancelled. Several processes may do this at once."""
        while True:
            try:
                await self()
                self._wrong = ""
            except (SiteFileError, OSError) as error:
                if str(error) != self._wrong:
                    log.get("ingest").error("site_file_refused")
                self._wrong = str(error)
            except RedisError:  # the bus tells
                pass
            await asyncio.sleep(_LOOK_SECONDS)

    async def __call__(self) -> None:
        """Say what the file says now, if it has changed. Raises SiteFileError, OSError and
        redis-py's errors; what was said before stands then."""
        if self._theme is None:
            return
        found = await asyncio.to_thread(fingerprint, self._theme)
        if not there(self._theme):
            self._seen = None
            return
        if found == self._seen:
            return
        identity = await self._read(self._theme)
        done = False
        while not done:
            stored = await self._identities.now()
            done = await self._identities.put(identity, _ACTOR, "file", stored.version)
        self._seen = found
