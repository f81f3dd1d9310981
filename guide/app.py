"""Puts the rooms together; the only file that knows them all."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from guide.accounts import routes as accounts
from guide.accounts.desk import Desk
from guide.accounts.office import Office
from guide.accounts.passwords import Passwords
from guide.accounts.permissions import require_rules
from guide.accounts.signing_in import FailuresByAddress
from guide.api import routes as api
from guide.curation import desk as curators_desk
from guide.curation import routes as curation
from guide.curation.clearing import Clearing
from guide.curation.due import DuePublisher
from guide.curation.machine import MachineDrafts
from guide.db import Database
from guide.exhibits.showing import OnShow, next_publication
from guide.media.cabinet import LARGEST, Cabinet
from guide.qr import routes as qr
from guide.qr.board import Board
from guide.qr.scanning import Scanning
from guide.qr.scans import ScanLog
from guide.qr.studio import Studio
from guide.settings import Settings
from guide.statistics import routes as statistics
from guide.tours import desk as tours_desk
from guide.tours import routes as tours
from guide.tours.following.hub import Hub
from guide.tours.following.whereabouts import pages_of
from guide.tours.keepsakes.vault import Vault
from guide.upkeep.purge import Purging
from guide.visitors import routes as visitors
from guide.visitors.press import Press
from guide.visitors.printing import Printer
from guide.web import assets, errors, health
from guide.web.bodies import BodyLimits
from guide.web.door import Door
from guide.web.edition import Watch
from guide.web.lasting import Lasting
from guide.web.pages import Templates
from guide.web.reader import KnownLanguages
from guide.web.rooms import open_rooms

OFFICE = {
    "desk": "accounts.desk",
    "exhibits": "curation.matrix",
    "labels": "qr.studio",
    "wall": "qr.wall",
    "tours": "tours.calendar",
    "statistics": "statistics.scans",
    "accounts": "accounts.list",
}
"""The areas of the office in the order of its navigation, and the routes that lead there."""

LARGEST_UPLOAD = LARGEST + 64 * 1024
LARGEST_PAGE = LARGEST_UPLOAD + 512 * 1024
"""Of the guest book: a photograph, and a signature as the letters of its picture."""
LARGEST_BODIES = {
    "": 64 * 1024,
    "/staff/": 256 * 1024,
    "/staff/imports": 8 * 1024 * 1024,
    "/staff/tours/past/imports": 2 * 1024 * 1024,
    "/staff/exhibits/{slug}/pictures": LARGEST_UPLOAD,
    "/staff/exhibits/{slug}/recordings": LARGEST_UPLOAD,
    "/staff/tours/{tour_id}/guest-book": LARGEST_PAGE,
    "/staff/tours/{tour_id}/guest-book/{page_id}": LARGEST_PAGE,
    "/staff/tours/{tour_id}/gifts": LARGEST_UPLOAD,
    "/staff/tours/{tour_id}/gifts/{gift_id}": LARGEST_UPLOAD,
}
"""Bytes of a posted form, by where it is sent: nothing larger is sent to the public pages; an
exhibit's facts in seven languages take a third of what staff may send; files have addresses
of their own."""


def create_app(settings: Settings, database: Database | None = None) -> FastAPI:
    """Build the guide on a database, by default the one that the settings name."""
    held = database or Database.open(settings.database)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.scans.start()
        closing = asyncio.Event()
        looking = asyncio.gather(
            app.state.watch.keep_looking(closing),
            app.state.due.keep_looking(closing),
            app.state.clearing.keep_clearing(closing),
            app.state.hub.keep_telling(closing),
            app.state.purging.keep_purging(closing),
        )
        yield
        closing.set()
        await looking  # a look that has begun ends before the database closes
        app.state.scans.close()
        app.state.studio.printshop.close()
        if database is None:
            held.close()

    app = FastAPI(
        title="guide",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    _furnish(app, settings, held)

    app.add_middleware(BodyLimits, limits=LARGEST_BODIES)
    app.add_middleware(Door, settings=settings, refuse=errors.refusal, limits=LARGEST_BODIES)
    app.add_middleware(Lasting)
    errors.install(app)
    open_rooms(app, health.router, assets.router, qr.router, curation.router)
    tours.install(app)
    open_rooms(app, statistics.router)
    accounts.install(app)
    api.install(app)
    visitors.install(app)
    require_rules(app)
    app.state.office = Office(app, OFFICE)
    app.state.desk = Desk(
        brings=(tours_desk.tasks, curators_desk.tasks), tells=(curators_desk.changes,)
    )
    return app


def _furnish(app: FastAPI, settings: Settings, held: Database) -> None:
    """Put what rooms share where requests find it."""
    app.state.settings = settings
    app.state.secret = settings.secret()
    app.state.database = held
    app.state.watch = Watch(held, next_publication)
    app.state.due = DuePublisher(held, app.state.watch)
    app.state.languages = KnownLanguages(held, app.state.watch, settings.default_language)
    app.state.on_show = OnShow(held, app.state.watch)
    app.state.board = Board(held, app.state.watch)
    app.state.cabinet = Cabinet.of(settings)
    app.state.vault = Vault(held, Cabinet.locked(settings))
    app.state.clearing = Clearing(held, app.state.cabinet, [app.state.vault.sweep])
    app.state.purging = Purging(settings, held)
    app.state.scans = ScanLog(held)
    app.state.hub = Hub(held, ZoneInfo(settings.timezone), pages_of(app.state.on_show))
    app.state.studio = Studio(settings)
    app.state.machine_drafts = MachineDrafts(settings.translation_url)
    app.state.passwords = Passwords()
    app.state.failures = FailuresByAddress()
    app.state.assets = assets.Assets(settings.static)
    app.state.templates = Templates(settings.templates, app, app.state.assets)
    app.state.printer = Printer(app.state.languages, app.state.on_show, app.state.templates)


def serve_printed(settings: Settings) -> Press:
    """Build the guide as it is served: the press and the scans in front of it."""
    app = create_app(settings)
    press = Press(Scanning(app), app.state)
    gc.collect()
    gc.freeze()  # what is there now stays as long as the process, and is not looked at again
    return press


def from_environment() -> Press:
    """Build the guide in a process that a server has started."""
    return serve_printed(Settings.from_environment())
