"""The address of a delegation's page, and the symbol that leads to it."""

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.qr.symbols import Symbol
from guide.settings import Settings
from guide.tours.links import TourLink
from guide.tours.model import Tour


def open_link(db: Session, tour: Tour) -> TourLink | None:
    """Find the link of a tour that was not revoked."""
    query = select(TourLink).where(TourLink.tour_id == tour.id, TourLink.revoked_at.is_(None))
    return db.scalars(query.order_by(TourLink.id)).first()


def address_of(request: Request, db: Session, tour: Tour) -> str:
    """Return the address of a delegation's page, empty while there is none."""
    settings: Settings = request.app.state.settings
    link = open_link(db, tour)
    base = settings.public_url or settings.serving_url
    return f"{base}/d/{link.token(request.app.state.secret)}" if link else ""


def symbol_of(request: Request, address: str) -> Symbol:
    """Make the symbol of an address; of one that is not public, a draft.

    Raises UnfitAddressError for one that no symbol holds.
    """
    settings: Settings = request.app.state.settings
    return Symbol.of_delegation(address) if settings.public_url else Symbol.draft_of(address)
