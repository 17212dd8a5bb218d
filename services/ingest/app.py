"""Ingest, wired.

Serves    POST /api/articles, GET /api/articles/{id}, GET /api/articles/{id}/receipt,
          POST /api/assets, GET /api/openapi.json
Emits     article.published and, for each day that ended, audit.sealed on `articles`
Consumes  `pages` and `deliveries`, for the receipts, and all dead letters, so that a receipt says
          what was given up
Owns      the Redis keys `ingest:…`, and the pictures in the folder of assets
"""

from fastapi import FastAPI

from services.ingest import answers, openapi
from services.ingest.api import Api, routes
from services.ingest.articles import Articles
from services.ingest.idempotency import Idempotency
from services.ingest.note_dead_letter import note_dead_letter
from services.ingest.note_delivery import NoteDelivery
from services.ingest.note_page import note_page
from services.ingest.pictures import Pictures
from services.ingest.receipts import Receipts
from services.ingest.save_picture import SavePicture
from services.ingest.seal_days import SealDays
from services.ingest.submit_article import SubmitArticle
from services.ingest.trail import Trail
from shared.bus import Bus, dead
from shared.service import Service
from shared.settings import Settings
from shared.topology import DEAD_LETTER_STREAMS


def create(settings: Settings, redis_url: str, *, consumer: str = "ingest-1") -> Service:
    """The service on the Redis at `redis_url`; `consumer` is a name that outlives restarts."""
    bus = Bus(redis_url, service="ingest", consumer=consumer)
    bus.consume("pages", note_page)
    bus.consume("deliveries", NoteDelivery(bus, Trail(bus.redis)))
    for stream in DEAD_LETTER_STREAMS:
        bus.consume(stream.name, note_dead_letter)
    seal_days = SealDays(bus.redis)
    return Service(
        name="ingest",
        http=_http(settings, bus),
        prefixes=("/api/",),
        bus=bus,
        loops=(seal_days.daily,),
        problems=seal_days.problems,
        measure=lambda: dead.measure(bus.redis),
    )


def _http(settings: Settings, bus: Bus) -> FastAPI:
    articles, pictures = Articles(bus.redis), Pictures(bus.redis)
    app = FastAPI(
        title="Varsel",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.include_router(
        routes(
            Api(
                redis=bus.redis,
                site=settings.site,
                articles=articles,
                receipts=Receipts(bus.redis),
                submit=SubmitArticle(settings, articles, pictures, Idempotency(bus.redis)),
                save=SavePicture(settings.assets_folder, pictures),
            )
        )
    )
    answers.install(app)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    return app
