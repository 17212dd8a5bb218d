"""Ingest, wired.

Serves    /api/articles, /api/notices and what is below them, POST /api/assets,
          GET /api/openapi.json
Emits     article.submitted, .published, .revised and .withdrawn and, for each day that ended,
          audit.sealed on `articles`; subject.changed and .removed on `reference`;
          notice.approved on `control`
Consumes  `pages` and `deliveries`, for receipts, previews and the audit trail, and all dead
          letters, so that a receipt says what was given up
Keeps going: publishes what is due, seals the audit trail of each day
Owns      the Redis keys `ingest:…`, and the pictures in the folder of assets
"""

from fastapi import FastAPI

from services.ingest.alike.store import LiveArticles
from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.api import answers, articles, openapi, revisions, steps
from services.ingest.api import notices as notice_routes
from services.ingest.api.parts import Parts
from services.ingest.audit.seal_days import SealDays
from services.ingest.audit.trail import Trail
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.idempotency import Idempotency
from services.ingest.lifecycle.publish_due import PublishDue
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.steps import Rules
from services.ingest.lifecycle.store import Articles
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.lifecycle.take_step import TakeStep
from services.ingest.notices.advance_notice import AdvanceNotice
from services.ingest.notices.store import Notices
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import Pictures
from services.ingest.reading.reader import ArticleReader
from services.ingest.receipts.note_dead_letter import note_dead_letter
from services.ingest.receipts.note_delivery import NoteDelivery
from services.ingest.receipts.note_page import note_page
from services.ingest.receipts.previews import PreviewReceipts
from services.ingest.receipts.store import Receipts
from services.ingest.subjects.store import Subjects
from shared.bus import Bus, dead
from shared.child.children import Children
from shared.service import Service
from shared.settings import Settings
from shared.topology import DEAD_LETTER_STREAMS

_LONG_WORK = (
    "services.ingest.reading.reader",
    "services.ingest.lifecycle.diff.revisions",
    "services.ingest.pictures.picture",
)
"""The modules whose functions run in a child process."""


def create(settings: Settings, redis_url: str, *, consumer: str = "ingest-1") -> Service:
    """The service on the Redis at `redis_url`. `consumer` is its name in each group of a stream; it
    must be the same after a restart."""
    bus = Bus(redis_url, service="ingest", consumer=consumer)
    bus.consume("pages", note_page)
    trail = Trail(bus.redis)
    children = Children(*_LONG_WORK)
    advance = AdvanceArticle(
        rules=Rules(settings.approvals, settings.hold),
        site=settings.site,
        articles=Articles(bus.redis),
        trail=trail,
        idempotency=Idempotency(bus.redis),
        alike=WarnOfAlike(settings.site, LiveArticles(bus.redis)),
        subjects=Subjects(bus.redis),
    )
    bus.consume("deliveries", NoteDelivery(bus, advance))
    for stream in DEAD_LETTER_STREAMS:
        bus.consume(stream.name, note_dead_letter)
    seal_days, publish_due = SealDays(bus.redis), PublishDue(advance)
    return Service(
        name="ingest",
        http=_http(settings, bus, advance, children),
        prefixes=("/api/",),
        bus=bus,
        open=(children.warm,),
        close=(children.close,),
        loops=(seal_days.daily, publish_due),
        folders={"pictures": settings.assets_folder} | settings.redis_folder,
        problems=lambda: seal_days.problems() + publish_due.problems(),
        measure=lambda: dead.measure(bus.redis),
    )


def _http(settings: Settings, bus: Bus, advance: AdvanceArticle, children: Children) -> FastAPI:
    app = answers.Api(
        title="Varsel",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    notices = Notices(bus.redis)
    pictures, previews, reader = (
        Pictures(bus.redis),
        PreviewReceipts(bus.redis),
        ArticleReader(children),
    )
    app.state.parts = Parts(
        redis=bus.redis,
        epoch=bus.epoch,
        site=settings.site,
        rules=advance.rules,
        articles=advance.articles,
        submit_article=SubmitArticle(advance.idempotency, reader, pictures, advance),
        save_revision=SaveRevision(advance.articles, reader, pictures, advance),
        take_step=TakeStep(advance.idempotency, reader, advance, previews.mail),
        save_picture=SavePicture(settings.assets_folder, pictures, children),
        warn_of_alike=advance.alike,
        previews=previews,
        receipts=Receipts(bus.redis),
        notices=notices,
        advance_notice=AdvanceNotice(notices, advance.trail),
        children=children,
    )
    routers = [part.router for part in (articles, steps, revisions, notice_routes)]
    for router in routers:
        app.include_router(router)
    answers.install(app, [route for router in routers for route in router.routes])
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    return app
