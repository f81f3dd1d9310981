"""The sample tour: a visit that was, as the news told of it on 29 April 2024."""

from datetime import datetime

from sqlalchemy.orm import Session

from guide.tours.displays import Displays
from guide.tours.model import Tour
from guide.tours.past import UNKNOWN_MINUTES, enter, keys_there
from guide.tours.queries import exhibitions_in_order
from guide.tours.reports import Report
from guide.tours.stops import Priority, TourStop

MEETING = {"az": "Görüş", "en": "Meeting"}

TOLD = Report(
    source="News.Az, 29 April 2024",
    confidence="high",
    head="Yang Wanming",
    title="President",
    organisation="Chinese People's Association for Friendship with Foreign Countries (CPAFFC)",
    country="China",
    date="2024-04-29",
    displays=(
        "Azerbaijani carpet - dance of loops",
        "Mini Azerbaijan",
        "Musical instruments: Unity and Diversity",
        "Classic cars",
    ),
    host=(
        "Anar Alakbarov, Assistant to the President of Azerbaijan, "
        "Executive Director of the Heydar Aliyev Foundation"
    ),
    note=(
        "Date is the report's dateline. A meeting with the host came first; then the guests "
        "saw the four exhibitions. A congratulatory letter for the Foundation's 20th "
        "anniversary was presented by the CPAFFC: correspondence, not a gift to the Center. "
        "Guide, language, size, times, guest book and gifts are not stated: unknown, not empty."
    ),
    also=dict.fromkeys(("languages", "size", "guide", "times")),
)
"""What was told; `languages`, `size`, `guide` and `times` are said to be unknown."""


def sample_tour(db: Session, at: datetime) -> Tour | None:
    """Add the visit unless it is there: a meeting first, then the four exhibitions in order."""
    if TOLD.key in keys_there(db):
        return None
    tour = enter(db, TOLD, Displays(exhibitions_in_order(db)), None, at)
    for stop in tour.stops:
        stop.position += 1
    meeting = TourStop(
        position=1, names=MEETING, minutes=UNKNOWN_MINUTES, priority=Priority.MUST, note=""
    )
    tour.stops.insert(0, meeting)
    db.flush()
    return tour
