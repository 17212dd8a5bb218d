"""What the API and the newsroom call: the flows and adapters of ingest."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.steps import Rules
from services.ingest.lifecycle.store import Articles
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.lifecycle.take_step import TakeStep
from services.ingest.moving.import_article import ImportArticle
from services.ingest.notices.advance_notice import AdvanceNotice
from services.ingest.notices.store import Notices
from services.ingest.people.keys import ApiKeys
from services.ingest.people.rates import AskRates
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.take_picture import TakePicture
from services.ingest.receipts.outside_watch import OutsideWatch
from services.ingest.receipts.previews import PreviewReceipts
from services.ingest.receipts.store import Receipts
from shared.bus.epoch import Epoch
from shared.child.children import Children
from shared.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Made once, in app.py."""

    redis: Redis
    epoch: Epoch
    api_keys: ApiKeys
    rates: AskRates
    settings: Settings
    rules: Rules
    articles: Articles
    submit_article: SubmitArticle
    import_article: ImportArticle
    save_revision: SaveRevision
    take_step: TakeStep
    save_picture: SavePicture
    take_picture: TakePicture
    warn_of_alike: WarnOfAlike
    previews: PreviewReceipts
    receipts: Receipts
    outside_watch: OutsideWatch
    notices: Notices
    advance_notice: AdvanceNotice
    children: Children
    stopping: asyncio.Event
    """Is set once the process is to end: what is open must not hold that up."""

    @property
    def site(self) -> str:
        """The address of the site, without a path."""
        return self.settings.site
