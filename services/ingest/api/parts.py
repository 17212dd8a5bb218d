"""What the routes call: the flows and adapters of ingest."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from redis.asyncio import Redis

from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.steps import Rules
from services.ingest.lifecycle.store import Articles
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.lifecycle.take_step import TakeStep
from services.ingest.notices.advance_notice import AdvanceNotice
from services.ingest.notices.store import Notices
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.receipts.previews import PreviewReceipts
from services.ingest.receipts.store import Receipts
from shared.bus.epoch import Epoch
from shared.child.children import Children


@dataclass(frozen=True)
class Parts:
    """Made once, in app.py, which leaves it in the state of the FastAPI app."""

    redis: Redis
    epoch: Epoch
    site: str
    """The address of the site, without a path."""
    rules: Rules
    articles: Articles
    submit_article: SubmitArticle
    save_revision: SaveRevision
    take_step: TakeStep
    save_picture: SavePicture
    warn_of_alike: WarnOfAlike
    previews: PreviewReceipts
    receipts: Receipts
    notices: Notices
    advance_notice: AdvanceNotice
    children: Children


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


Wired = Annotated[Parts, Depends(_parts)]
"""The parts, as a parameter of a route."""
