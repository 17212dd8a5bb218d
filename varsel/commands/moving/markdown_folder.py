"""Articles as Markdown with front matter, as Hugo, Jekyll and others keep them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.ingest.problems import Problem
from services.ingest.reading import front_matter
from services.render.articles.teaser import sentence
from shared.markdown import parser, walk
from varsel.commands.moving.old_article import OldArticle, OldArticleError, time_of

_NAMES = {
    "lead": ("lead", "description", "summary", "excerpt"),
    "byline": ("byline", "author", "authors"),
    "topics": ("topics", "tags", "categories"),
}
"""Our fields, and the names that others have for them; the first that is there counts."""
_NO = ("", "false", "no", "n", "off", "0", "nei", "none")
_NUMBER = "et tall"
"""Whatever number stands there: the reader of front matter keeps none. It is never a yes."""
_HIDDEN = ("draft", "drafts", "private", "hidden", "pending", "future", "scheduled", "trash")
"""What `status` says of what is not shown (Pelican, and what was made from WordPress)."""
_SAME = ("title", "kind", "lang", "kicker", "sources", "alert")


def read_markdown(file: Path, folder: Path) -> OldArticle:
    """The article in `file`. OldArticleError if its fields cannot be read; what is wrong in them
    the API tells."""
    try:
        said, body = front_matter.read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise OldArticleError("filen", "er ikke UTF-8; lagre den som UTF-8") from None
    except Problem as problem:
        error = next(iter(problem.errors), None)
        raise OldArticleError(
            error.field if error else "front matter", error.message if error else problem.detail
        ) from None
    fields = {name: said.get(name) for name in _SAME} | {
        name: next((said[one] for one in names if said.get(one)), None)
        for name, names in _NAMES.items()
    }
    fields["kind"] = fields["kind"] or "news"
    fields["lang"] = fields["lang"] or "nb"
    if isinstance(fields["byline"], list):
        fields["byline"] = ", ".join(map(str, fields["byline"]))
    if isinstance(fields["topics"], str):
        fields["topics"] = [fields["topics"]]
    at = said.get("published_at") or said.get("date") or said.get("published_on")
    when = time_of(str(at), "date") if at else None
    fields["published_on"] = said.get("published_on") or (when and when.date().isoformat())
    body = body.strip()
    fields |= with_lead(fields.get("lead"), body)
    return OldArticle(
        name=str(file.relative_to(folder)),
        fields=fields,
        moved_from=_addresses(said, file, folder),
        at=when,
        kept_back=_kept_back(said, file.relative_to(folder)),
        slug=str(said["slug"]) if said.get("slug") else None,
    )


def _kept_back(said: dict[str, Any], file: Path) -> str:
    """Why it was not public; empty if it was. Names and words count in whatever letters they are
    written; a `draft` that says neither yes nor no is one."""
    known = {name.casefold(): value for name, value in said.items() if value is not None}

    def word(name: str) -> str:
        value = known.get(name, "")
        return _NUMBER if isinstance(value, float) else str(value).strip().casefold()

    def time(name: str) -> datetime | None:
        return time_of(str(known[name]), name) if known.get(name) else None

    now = datetime.now(UTC)
    begins, ends = time("publishdate"), time("expirydate")
    found = {
        "ligger i mappen _drafts": "_drafts" in [part.casefold() for part in file.parts[:-1]],
        f"draft: {word('draft')}": word("draft") not in _NO,
        f"published: {word('published')}": "published" in known
        and word("published") in (*_NO, _NUMBER),
        f"status: {word('status')}": word("status") in _HIDDEN,
        "bak et passord": word("password") not in _NO,
        "publishDate er fram i tid": begins is not None and begins > now,
        "expiryDate er passert": ends is not None and ends <= now,
    }
    return next((why for why, is_so in found.items() if is_so), "")


def _addresses(said: dict[str, Any], file: Path, folder: Path) -> list[str]:
    own = said.get("url") or said.get("permalink")
    path = file.relative_to(folder).with_suffix("").as_posix()
    home = str(own) if own else "/" + path.removesuffix("/index").removesuffix("/_index") + "/"
    aliases = said.get("aliases") or said.get("redirect_from") or []
    return [home, *map(str, aliases if isinstance(aliases, list) else [aliases])]


def with_lead(lead: Any, body: str) -> dict[str, Any]:
    """Lead and body. Without a lead the first paragraph is it, if it is nothing but words and
    others follow; else its first words are said twice."""
    if lead:
        return {"lead": " ".join(lead.split()) if isinstance(lead, str) else lead, "body": body}
    first, _, rest = body.partition("\n\n")
    tokens = parser().parse(first)
    words = " ".join("".join(t.content for t in walk(tokens) if t.type == "text").split())
    is_plain = [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    if is_plain and rest.strip() and words == " ".join(first.split()) and len(words) <= 600:
        return {"lead": words, "body": rest.strip()}
    return {"lead": sentence(words) if words else None, "body": body}
