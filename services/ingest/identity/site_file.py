"""`site.yaml` and the pictures beside it, as what the association says of itself."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from services.ingest.people.person import Person
from services.ingest.pictures.picture import MAX_BYTES
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.problems import FieldError, Problem
from services.ingest.reading import front_matter
from services.ingest.reading.field_errors import field_errors
from shared.identity import Identity

NAME = "site.yaml"
PICTURES = ("logo", "icon", "share_picture")
"""Fields that name a picture's file."""
_LONGEST_BYTES = 64 * 1024
FOLDER = Person("0" * 16, "mappen med utseendet", "admin")
"""The person who uploads its pictures: nobody of the staff has this id."""


class SiteFileError(Exception):
    """What is wrong with it, in Norwegian: a field and a message, one a line."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{one.field}: {one.message}" for one in errors))


def there(theme: Path | None) -> bool:
    """Whether the association's identity stands in a file, so that nobody changes it elsewhere. Not
    in a folder that cannot be read: health says that."""
    with suppress(OSError):
        return theme is not None and NAME in (path.name for path in theme.iterdir())
    return False


def fingerprint(theme: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of the folder does."""
    found = []
    for path in sorted(theme.iterdir()):
        if path.is_file():
            about = path.stat()
            found.append((path.name, about.st_mtime_ns, about.st_size))
    return tuple(found)


@dataclass(frozen=True)
class ReadSiteFile:
    save_picture: SavePicture

    async def __call__(self, theme: Path) -> Identity:
        """What `site.yaml` in this folder says; its pictures are saved among the site's.

        Raises SiteFileError if that is wrong, OSError if it cannot be read.
        """
        fields = await asyncio.to_thread(_fields, theme)
        for name in PICTURES:
            if isinstance(fields.get(name), str):
                fields[name] = await self._picture(theme, name, fields[name])
        try:
            return Identity.model_validate(fields)
        except ValidationError as error:
            raise SiteFileError(*field_errors(error, Identity)) from None

    async def _picture(self, theme: Path, field: str, file: str) -> Any:
        path = theme / file
        if path.parent != theme or not path.is_file() or path.stat().st_size > MAX_BYTES:
            message = "finner ikke bildet; skriv navnet på en fil i samme mappe"
            raise SiteFileError(FieldError(field, message))
        try:
            return await self.save_picture(FOLDER, file, await asyncio.to_thread(path.read_bytes))
        except Problem as error:
            if error.status >= 500:
                raise OSError(error.detail) from error
            raise SiteFileError(*(FieldError(field, one.message) for one in error.errors)) from None


def _fields(theme: Path) -> dict[str, Any]:
    raw = (theme / NAME).read_bytes()
    if len(raw) > _LONGEST_BYTES:
        raise SiteFileError(FieldError(NAME, "filen er for lang"))
    try:
        found = front_matter.load(raw.decode(), above=0)
    except UnicodeDecodeError:
        raise SiteFileError(FieldError(NAME, "filen må være tekst i UTF-8")) from None
    except Problem as error:
        raise SiteFileError(*error.errors or [FieldError(NAME, error.detail)]) from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SiteFileError(FieldError(NAME, "filen må være felt med verdier, som «name: …»"))
    return found
