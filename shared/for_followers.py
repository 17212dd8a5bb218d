"""What programs that follow us are told of a page: alike in a signed post and among the changes
that they ask for, so that one piece of a follower's code reads both. Pure.

Real alerts and news are for all. An exercise is for those who asked for exercises, and is never
among the rest.
"""

from datetime import datetime
from typing import Any, Literal

from shared.alert_words import alert_words
from shared.revision import Revision

HeardBy = Literal["all", "exercises"]


def heard_by(revision: Revision) -> HeardBy | None:
    """Who is told of it: nobody of a page that is no news, nor of what was moved here with its old
    date. A test is an exercise too."""
    if revision.article.kind == "info" or revision.imported:
        return None
    alert = revision.article.alert
    return "exercises" if alert and alert.mode != "actual" else "all"


def change_id(revision: Revision) -> str:
    """The name of a change, by which a follower asks what came after it. No two changes ever have
    the same, also after a backup was put back: no revision is numbered twice."""
    return f"{revision.id}.{revision.revision}"


def cap_path(article: str, revision: int) -> str:
    """Where in the site the CAP message of a revision of an alert is."""
    return f"/varsler/{article}/{revision}.cap.xml"


def change_told(revision: Revision, type_: str, at: datetime, site: str = "") -> dict[str, Any]:
    """The change as a JSON object, in the shape of Standard Webhooks 1.0 (section "Payload
    structure"). `type_` is that of the page's event, `at` when the page was there, `site` the
    site's address: without it, addresses are paths."""
    article = revision.article
    data: dict[str, Any] = {
        "change_id": change_id(revision),
        "id": revision.id,
        "revision": revision.revision,
        "kind": article.kind,
        "url": site + revision.path,
        "title": article.title,
        "lead": article.lead,
    }
    if alert := article.alert:
        mark = alert_words(article.lang).subject_of_mode[alert.mode]
        data |= {
            "title": mark + article.title,
            "severity": alert.severity,
            "mode": alert.mode,
            "cap": site + cap_path(revision.id, revision.revision),
        }
    if revision.change:
        data["change"] = revision.change.model_dump()
    if type_ == "page.withdrawn":
        data["withdrawn"] = True
    return {"type": type_, "timestamp": at.isoformat(timespec="milliseconds"), "data": data}


def on_site(told: dict[str, Any], site: str) -> dict[str, Any]:
    """The same change with whole addresses, where it has paths."""
    data = told["data"]
    whole = {name: site + data[name] for name in ("url", "cap") if name in data}
    return told | {"data": data | whole}
