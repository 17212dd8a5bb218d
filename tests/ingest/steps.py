"""What tests of ingest send it, and what they wait for."""

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from PIL import Image

from services.ingest.pictures.make_pictures import MakePictures
from shared.event_data import MailPreview
from shared.events import ArticleSubmitted, MailPreviewed, PagePreviewed, to_fields
from shared.trace import new_traceparent
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import events
from tests.wait import until


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    image = Image.new(mode, size)
    image.paste(200, (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


async def pictures_made(ingest: Ingest) -> None:
    """Have the pictures made that were taken in: the service's loop, which does it, does not run
    here."""
    (make,) = (one for one in ingest.service.loops if isinstance(one, MakePictures))
    await make.look()


async def all_read(ingest: Ingest, stream: str) -> None:
    """Wait until ingest has settled every entry of `stream`."""

    async def read() -> bool:
        for group in await ingest.redis.xinfo_groups(stream):
            if group["name"] == b"ingest":
                return group["lag"] == 0 and group["pending"] == 0
        return False

    await until(read)


async def hear(ingest: Ingest, submitted: ArticleSubmitted, audience: int, **mail: Any) -> None:
    """What render and notify tell of a revision that was submitted."""
    revision = submitted.data.revision
    about = {"subject": revision.id, "time": datetime.now(UTC), "traceparent": new_traceparent()}
    page = PagePreviewed(id="p", source="/varsel/render", data=submitted.data, **about)
    preview = MailPreview(
        article=revision.id,
        revision=revision.revision,
        sha256=mail.get("sha256", revision.sha256),
        subject="Viktig: Eksempelinib",
        text="Hei Kari Eksempel",
        html="<p>Hei Kari Eksempel</p>",
        audience=audience,
        first=mail.get("first", audience),
        gone=mail.get("gone", 0),
        chose_others=mail.get("chose_others", 0),
        not_owed=mail.get("not_owed", 0),
        no_address=mail.get("no_address", 0),
        size=mail.get("size", 12_345),
        relay_takes=mail.get("relay_takes", 10_240_000),
        cut_by_gmail=mail.get("cut_by_gmail", False),
        refused=mail.get("refused", ""),
    )
    mailed = MailPreviewed(id="m", source="/varsel/notify", data=preview, **about)
    await ingest.redis.xadd("pages", to_fields(page))
    await ingest.redis.xadd("deliveries", to_fields(mailed))
    await asyncio.gather(all_read(ingest, "pages"), all_read(ingest, "deliveries"))


async def submissions(ingest: Ingest) -> list[ArticleSubmitted]:
    return [event for event in await events(ingest) if isinstance(event, ArticleSubmitted)]
