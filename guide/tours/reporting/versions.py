"""The versions of a report: finding them, writing the next one, signing the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from guide.accounts.model import Account
from guide.accounts.permissions import Person
from guide.tours.deeds import write_down
from guide.tours.model import Tour
from guide.tours.reporting.model import TourReport
from guide.tours.reporting.words import Words

SIGNED = "s"
"""What the mark of a version ends in when it is signed."""


class StaleReportError(Exception):
    """Somebody else has written or signed a version since this one was seen."""


@dataclass(frozen=True)
class Version:
    """A version, who wrote it and who signed it."""

    row: TourReport
    by: str
    signed_by: str

    @property
    def words(self) -> Words:
        """What was written in it."""
        return Words.of(self.row.words)

    @property
    def mark(self) -> str:
        """What a form carries to say which version it was filled from."""
        return f"{self.row.number}{SIGNED if self.row.signed_at else ''}"


def versions_of(db: Session, tour_id: int) -> list[Version]:
    """List the versions of a report, the first one first."""
    query = select(TourReport).where(TourReport.tour_id == tour_id).order_by(TourReport.number)
    rows = db.scalars(query).all()
    numbers = {one for row in rows for one in (row.account_id, row.signed_by) if one}
    accounts = select(Account.id, Account.name).where(Account.id.in_(numbers))
    names = {one.id: one.name for one in db.execute(accounts)}
    return [
        Version(row, names.get(row.account_id or 0, ""), names.get(row.signed_by or 0, ""))
        for row in rows
    ]


def mark_of(versions: Sequence[Version]) -> str:
    """Return the mark of the last version, that of none before there is any."""
    return versions[-1].mark if versions else "0"


def save(  # noqa: PLR0913, PLR0917 (each is asked for)
    db: Session, tour: Tour, words: Words, seen: str, who: Person, at: datetime
) -> TourReport:
    """Write the next version; words that are those of the last one make none.

    A version that is signed stays as it is: what follows is a later one. Raises
    StaleReportError when `seen` is not the mark of the last, unless a form came twice.
    """
    versions = versions_of(db, tour.id)
    last = versions[-1].row if versions else None
    is_stale = mark_of(versions) != seen
    if last and _same(versions[-1].words, words) and (is_stale or not last.signed_at):
        return last
    if is_stale:
        raise StaleReportError
    made = TourReport(
        tour_id=tour.id,
        number=last.number + 1 if last else 1,
        made_at=at,
        account_id=who.id,
        words=words.kept(),
    )
    db.add(made)
    db.flush()
    write_down(db, tour, "tour.report.saved", who, at, _changed(last, words))
    return made


def sign(db: Session, tour: Tour, version: TourReport, who: Person, at: datetime) -> None:
    """Put a name under the last version; what it says is then to be kept (`making.keep`)."""
    version.signed_at, version.signed_by = at, who.id
    db.flush()
    write_down(db, tour, "tour.report.signed", who, at, [str(version.number)])


def _same(one: Words, other: Words) -> bool:
    left, right = one.kept(), other.kept()
    return {**left, "seq": None} == {**right, "seq": None}


def _changed(last: TourReport | None, words: Words) -> list[str]:
    """Name what was written anew, never what it says."""
    before = last.words if last else Words().kept()
    now = words.kept()
    return sorted(name for name in now if name != "seq" and now[name] != before.get(name))
