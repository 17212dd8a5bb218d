"""An old site in a folder: its articles, its redirects, and whether each can be taken in."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.ingest.problems import Problem
from services.ingest.reading.submission import JSON, MovedSubmission, read
from shared.markdown import pictures
from shared.old_address import old_path
from shared.text import nfc
from varsel.commands.moving.markdown_folder import read_markdown
from varsel.commands.moving.old_article import OldArticle, OldArticleError, pictures_in
from varsel.commands.moving.redirects import NAME, read_redirects, resolve
from varsel.commands.moving.wxr import is_wxr, items
from varsel.commands.moving.wxr_article import article_of

_SCALED = re.compile(r"-\d+x\d+(?=\.\w+$)|-scaled(?=\.\w+$)")
"""What WordPress adds to the name of a picture that it made smaller."""
ReadOne = Callable[[], OldArticle | None]
_MOST_ADDRESSES = 20
"""Old addresses that may lead to one article."""


@dataclass(frozen=True)
class FieldTrouble:
    field: str
    message: str


@dataclass
class RefusedItem:
    """An article, or a line of redirects, that is not taken in."""

    name: str
    errors: list[FieldTrouble]


@dataclass
class OldSite:
    folder: Path
    articles: list[OldArticle] = field(default_factory=list)
    """The oldest first, so that lists which count from the oldest have them in order."""
    refused: list[RefusedItem] = field(default_factory=list)
    passed_over: int = 0
    """Items that are no articles: menus, pictures, what was thrown away."""

    def __post_init__(self) -> None:
        self._pictures = pictures_in(self.folder)

    def judge(self, article: OldArticle, *, published: bool) -> list[FieldTrouble]:
        """All that keeps an article from being taken in, as far as can be told without the
        system."""
        document = json.dumps(article.document(published=published), ensure_ascii=False)
        try:
            read(JSON, document.encode(), MovedSubmission)
        except Problem as problem:
            found = [FieldTrouble(one.field, one.message) for one in problem.errors]
            return found or [FieldTrouble("saken", problem.detail)]
        return [
            FieldTrouble(
                "body",
                f"bildet «{address}» er ikke i mappen; legg det der, eller ta det ut av saken",
            )
            for address in pictures(article.fields["body"])
            if self.picture(address) is None
        ]

    def picture(self, address: str) -> Path | None:
        """The file of a picture, by its name. Of several the one whose folders are most like."""
        path = str(nfc(unquote(urlsplit(address).path)))
        name = Path(path).name.lower()
        there = self._pictures.get(name) or self._pictures.get(_SCALED.sub("", name), [])
        wanted = list(reversed(Path(path).parts[:-1]))

        def alike(file: Path) -> int:
            mine = list(reversed(file.relative_to(self.folder).parts[:-1]))
            return sum(1 for a, b in zip(wanted, mine, strict=False) if a == b)

        return max(there, key=alike, default=None)


def read_site(folder: Path) -> OldSite:
    """All that there is in a folder and below it. Nothing is sent anywhere."""
    site = OldSite(folder)
    for name, read_one in _found(folder, site):
        try:
            if (article := read_one()) is None:
                site.passed_over += 1
            else:
                site.articles.append(article)
        except OldArticleError as error:
            site.refused.append(RefusedItem(name, [FieldTrouble(error.field, error.message)]))
    _lead_on(folder, site)
    site.articles.sort(key=lambda one: (one.at.timestamp() if one.at else 0.0, one.name))
    return site


def _found(folder: Path, site: OldSite) -> Iterator[tuple[str, ReadOne]]:
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not file.is_file():
            continue
        name = str(file.relative_to(folder))
        if file.suffix.lower() in (".md", ".markdown"):
            yield name, lambda file=file: read_markdown(file, folder)  # type: ignore[misc]
        elif file.suffix.lower() == ".xml" and is_wxr(file):
            try:
                for item in items(file):
                    yield f"{name}: {item.text('title')}", lambda item=item: article_of(item)  # type: ignore[misc]
            except OldArticleError as error:
                site.refused.append(RefusedItem(name, [FieldTrouble(error.field, error.message)]))


def _lead_on(folder: Path, site: OldSite) -> None:
    """Give each article the addresses that lead to it by the file of redirects."""
    homes: dict[str, OldArticle] = {}
    for article in site.articles:
        for address in article.moved_from:
            try:
                homes.setdefault(old_path(address), article)
            except ValueError:
                continue  # told when the article is judged
    if not (file := folder / NAME).is_file():
        return
    redirects, problems = read_redirects(file.read_text(encoding="utf-8", errors="replace"))
    resolved = resolve(redirects, homes)
    for start, end in resolved.homes.items():
        if len(homes[end].moved_from) < _MOST_ADDRESSES:
            homes[end].moved_from.append(start)
        else:
            problems[start] = f"er én av over {_MOST_ADDRESSES} som fører til samme sak"
    for name, why in (problems | resolved.problems).items():
        site.refused.append(RefusedItem(name, [FieldTrouble("redirects", why)]))
