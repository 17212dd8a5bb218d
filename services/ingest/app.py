"""Ingest, wired.

Serves    /api/articles, /api/notices and what is below them, /api/receipts, POST /api/assets,
          GET /api/openapi.json, and the newsroom's pages, /redaksjon/…
Emits     article.submitted, .sketched, .published, .revised and .withdrawn and, for each day
          that ended, audit.sealed, and pictures.scaled, all on `articles`; subject.changed and
          .removed, and site.dressed, on `reference`;
          notice.approved, people.to_be_told and what of staff notify must know on `control`
Consumes  `pages` and `deliveries`, for receipts, previews and the audit trail, and all dead
          letters, so that a receipt says what was given up
Keeps going: publishes what is due, has staff told, seals the audit trail of each day,
          follows site.yaml, makes the pictures that were taken in and their other files
Owns      the Redis keys `ingest:…`, and the pictures in the folder of assets
"""

import asyncio
from functools import partial

from fastapi import FastAPI
from prometheus_client import Metric
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.alike.store import LiveArticles
from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.api import answers, articles, openapi, revisions, steps
from services.ingest.api import notices as notice_routes
from services.ingest.api import receipts as receipt_routes
from services.ingest.audit.seal_days import SealDays
from services.ingest.audit.trail import Trail
from services.ingest.identity.follow_site_file import FollowSiteFile
from services.ingest.identity.site_file import ReadSiteFile
from services.ingest.identity.store import Identities
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.idempotency import Idempotency
from services.ingest.lifecycle.publish_due import PublishDue
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.steps import Rules
from services.ingest.lifecycle.store import Articles
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.lifecycle.take_step import TakeStep
from services.ingest.moving.import_article import ImportArticle
from services.ingest.newsroom.app import Newsroom
from services.ingest.newsroom.doors.trial import end_trial, learners
from services.ingest.newsroom.visit import LANGUAGE
from services.ingest.notices.advance_notice import AdvanceNotice
from services.ingest.notices.store import Notices
from services.ingest.parts import Parts
from services.ingest.people.carry_over import CarryOver
from services.ingest.people.keys import ApiKeys
from services.ingest.people.rates import AskRates
from services.ingest.pictures.make_pictures import MakePictures
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.scale_pictures import ScalePictures
from services.ingest.pictures.store import Pictures, PicturesToMake, PicturesToScale
from services.ingest.pictures.take_picture import TakePicture
from services.ingest.reading.reader import ArticleReader
from services.ingest.receipts.ask_for_pictures import AskForPictures
from services.ingest.receipts.note_dead_letter import note_dead_letter
from services.ingest.receipts.note_delivery import NoteDelivery
from services.ingest.receipts.note_page import note_page
from services.ingest.receipts.outside_watch import OutsideWatch
from services.ingest.receipts.previews import PreviewReceipts
from services.ingest.receipts.staff_facts import StaffFactsOf
from services.ingest.receipts.store import Receipts
from services.ingest.subjects.store import Subjects
from services.ingest.telling.store import Tellings
from services.ingest.telling.tell_people import TellPeople
from shared import newest_backup
from shared.bus import Bus, dead
from shared.child.children import Children
from shared.child.remembered import Remembered
from shared.service import Service
from shared.settings import Settings
from shared.topology import DEAD_LETTER_STREAMS
from shared.trial import void_approvers
from shared.visitors.cookies import STAFF_COOKIES

_LONG_WORK = (
    "services.ingest.reading.reader",
    "services.ingest.lifecycle.diff.revisions",
    "services.ingest.pictures.picture",
    "services.ingest.newsroom.experts.as_read",
    "services.ingest.newsroom.shown.changes",
    "services.ingest.newsroom.shown.told",
    "services.ingest.desk.judge",
    "services.ingest.newsroom.seeing.placeholders",
    "services.ingest.word.open_docx",
)
"""The modules whose functions run in a child process."""


def create(settings: Settings, redis_url: str, *, consumer: str = "ingest-1") -> Service:
    """The service on the Redis at `redis_url`. `consumer` is its name in each group of a stream; it
    must be the same after a restart."""
    bus = Bus(redis_url, service="ingest", consumer=consumer)
    bus.consume("pages", note_page)
    trail, stored = Trail(bus.redis), Articles(bus.redis)
    children = Children(*_LONG_WORK)
    advance = AdvanceArticle(
        rules=Rules(
            settings.approvals, settings.hold, learners(settings), void_approvers(settings)
        ),
        site=settings.site,
        articles=stored,
        trail=trail,
        idempotency=Idempotency(bus.redis),
        alike=WarnOfAlike(settings.site, LiveArticles(bus.redis)),
        subjects=Subjects(bus.redis),
    )
    bus.consume("deliveries", NoteDelivery(bus, advance))
    for stream in DEAD_LETTER_STREAMS:
        bus.consume(stream.name, note_dead_letter)
    seal_days, publish_due = SealDays(bus.redis), PublishDue(advance)
    tell_people = TellPeople(Tellings(bus.redis), StaffFactsOf(bus.redis))
    pictures = Pictures(bus.redis)
    save_picture = SavePicture(settings.assets_folder, pictures, children)
    make_pictures = MakePictures(save_picture, PicturesToMake(bus.redis))
    parts = _parts(settings, bus, advance, save_picture, make_pictures)
    scale_pictures = ScalePictures(settings.assets_folder, PicturesToScale(bus.redis))
    of_pictures = (make_pictures, scale_pictures)
    ask_for_pictures = AskForPictures(advance.articles, scale_pictures)
    site_file = FollowSiteFile(
        settings.theme, ReadSiteFile(parts.save_picture), Identities(bus.redis)
    )
    http = IngestHttp(parts)

    async def measured() -> list[Metric]:
        return [
            *await dead.measure(bus.redis),
            *await newest_backup.measure(bus.redis),
            *parts.outside_watch.measure(),
        ]

    return Service(
        name="ingest",
        http=http,
        prefixes=("/api/", "/redaksjon/"),
        bus=bus,
        cookies={"/redaksjon/": (*STAFF_COOKIES, LANGUAGE)},
        open=(
            *(CarryOver(bus.redis), stored.fill_titles, partial(end_trial, bus.redis, settings)),
            *(children.warm, http.newsroom.warm),
        ),
        ending=(parts.stopping.set,),
        close=(children.close, scale_pictures.children.close),
        loops=(
            *(seal_days.daily, publish_due, tell_people, site_file.follow),
            make_pictures,
            ask_for_pictures.then_scale,
            parts.outside_watch,
        ),
        folders={"pictures": settings.assets_folder} | settings.redis_folder,
        problems=lambda: [
            problem
            for part in (seal_days, publish_due, tell_people, site_file, *of_pictures)
            for problem in part.problems()
        ],
        closed_while_held=True,
        warnings=parts.outside_watch.warnings,
        measure=measured,
    )


class IngestHttp:
    """The API, and the newsroom beside it."""

    def __init__(self, parts: Parts) -> None:
        self.api = _api(parts)
        self.newsroom = Newsroom(parts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        in_newsroom = scope.get("path", "").startswith("/redaksjon/")
        app: ASGIApp = self.newsroom if in_newsroom else self.api
        await app(scope, receive, send)


def _parts(
    settings: Settings,
    bus: Bus,
    advance: AdvanceArticle,
    save_picture: SavePicture,
    make_pictures: MakePictures,
) -> Parts:
    notices, previews = Notices(bus.redis), PreviewReceipts(bus.redis)
    children, pictures = save_picture.children, save_picture.pictures
    reader = ArticleReader(children, Remembered(children))
    return Parts(
        redis=bus.redis,
        epoch=bus.epoch,
        api_keys=ApiKeys(bus.redis),
        rates=AskRates(),
        settings=settings,
        rules=advance.rules,
        articles=advance.articles,
        submit_article=SubmitArticle(advance.idempotency, reader, pictures, advance),
        import_article=ImportArticle(bus.redis, reader, pictures, advance),
        save_revision=SaveRevision(advance.articles, reader, pictures, advance),
        take_step=TakeStep(advance.idempotency, reader, advance, previews.mail),
        save_picture=save_picture,
        take_picture=TakePicture(save_picture.folder, pictures, children, make_pictures.wake),
        warn_of_alike=advance.alike,
        previews=previews,
        receipts=Receipts(bus.redis),
        outside_watch=OutsideWatch(bus.redis, settings),
        notices=notices,
        advance_notice=AdvanceNotice(notices, advance.trail, advance.rules.void),
        children=children,
        stopping=asyncio.Event(),
    )


def _api(parts: Parts) -> FastAPI:
    app = answers.Api(
        title="Varsel",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.parts = parts
    routers = [part.router for part in (articles, steps, revisions, notice_routes, receipt_routes)]
    for router in routers:
        app.include_router(router)
    answers.install(app, [route for router in routers for route in router.routes])
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    return app
