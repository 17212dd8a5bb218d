"""An article of another site, as it was read from its files."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.text import nfc

OSLO = ZoneInfo("Europe/Oslo")
_NOON = time(12)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".heic")


class OldArticleError(Exception):
    """It cannot be read: which field is wrong, and the way out."""

    def __init__(self, field_: str, message: str) -> None:
        super().__init__(f"{field_}: {message}")
        self.field = field_
        self.message = message


@dataclass
class OldArticle:
    name: str
    """Where it was read, for people: a file, or a title in one."""
    fields: dict[str, Any]
    """As the API takes them, with the body's pictures by their addresses of old."""
    moved_from: list[str]
    """Where it was; the first is what it is known by."""
    at: datetime | None
    """When it was published; None if that is not told."""
    kept_back: str = ""
    """Why it was not public there, for people; empty if it was."""
    slug: str | None = None
    notes: list[str] = field(default_factory=list)
    """What is not taken along, for people."""

    def __post_init__(self) -> None:
        if self.at and self.at > datetime.now(UTC):
            # No time at which it was published: Hugo and Jekyll hold such articles back.
            self.kept_back = self.kept_back or "datoen er fram i tid"
            self.at = None
        if self.kept_back:
            self.notes.append(f"var ikke offentlig der ({self.kept_back}), og blir en kladd")

    def document(self, *, published: bool) -> dict[str, Any]:
        """What is sent to the API; as a draft, unless what was published is to be `published`. An
        alert is always a draft: what an import publishes is told to nobody."""
        draft = not published or self.kept_back != "" or self.fields.get("kind") == "safety_alert"
        more = {"moved_from": self.moved_from, "draft": draft}
        if self.slug:
            more["slug"] = self.slug
        if self.at:
            more["published_at"] = self.at.isoformat(timespec="seconds")
        return {name: one for name, one in self.fields.items() if one is not None} | more


def time_of(text: str, field_: str) -> datetime:
    """A day or a time as old sites write them; one without a zone is Norwegian. A day is its noon,
    or now if noon of today is still to come. OldArticleError if it is neither."""
    try:
        if len(text.strip()) == len("2019-07-01"):
            day, now = date.fromisoformat(text.strip()), datetime.now(OSLO)
            noon = datetime.combine(day, _NOON, OSLO)
            return min(noon, now) if day == now.date() else noon
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise OldArticleError(field_, "skriv dagen slik: 2019-07-01") from None
    return found.replace(tzinfo=OSLO) if found.tzinfo is None else found


def gmt(text: str) -> datetime | None:
    """A time in UTC as WordPress writes it; None if it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def pictures_in(folder: Path) -> dict[str, list[Path]]:
    """The pictures in a folder and below it, by their names in small letters."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _PICTURES and path.is_file() and not path.is_symlink():
            found.setdefault(str(nfc(path.name)).lower(), []).append(path)
    return found
