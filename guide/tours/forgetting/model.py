"""What stops the clock of forgetting."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from guide.db import Base, Instant


class TourHold(Base):
    """A legal hold: the persons of a tour stay until it is lifted, by name and reason."""

    __tablename__ = "tour_holds"

    tour_id: Mapped[int] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    at: Mapped[Instant]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
