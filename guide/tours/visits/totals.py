"""How many visits and guests: by country, language, exhibition, month and category.

What somebody may open is counted as it is listed. Closed visits that they may not open are
counted in one place alone, and so that none of them can be told: as visits and guests of a
whole year that is over, when they are at least `FEWEST`, never by anything else
(`tours.md`, section 4).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from guide.tours.model import State
from guide.tours.visits.finding import Visit
from guide.tours.visits.wish import When, Wish

FEWEST = 3
"""Closed visits of a year that are told together, or not at all."""
MOST_MONTHS = 24
"""Months that are told apart; when there are more, years are."""
KINDS = ("country", "language", "exhibition", "month", "category")


@dataclass(frozen=True)
class Tally:
    """How many visits and guests of one key; no key is what nobody has told.

    No number of guests where nobody knows it of any of the visits.
    """

    key: str
    visits: int
    guests: int | None


@dataclass(frozen=True)
class Totals:
    """How many visits and guests, whole and by each of `KINDS`.

    Of `uncounted` visits nobody knows how many guests; `cancelled` ones are left out, unless
    they alone were asked for. A visit of two countries is one of each: parts may be more
    than the whole.
    """

    visits: int
    guests: int | None
    uncounted: int
    cancelled: int
    by: Mapping[str, tuple[Tally, ...]]

    @classmethod
    def of(cls, found: Collection[Visit], wish: Wish) -> "Totals":
        """Count what was found."""
        are_asked_for = wish.narrowed.get("state") == State.CANCELLED
        there = [one for one in found if are_asked_for or one.state != State.CANCELLED]
        return cls(
            visits=len(there),
            guests=_guests(there),
            uncounted=sum(one.guests is None for one in there),
            cancelled=len(found) - len(there),
            by={kind: _tallies(there, kind) for kind in KINDS},
        )


def closed_by_year(closed: Iterable[Visit], wish: Wish) -> tuple[Tally, ...]:
    """Count the closed visits that somebody may not open, by years that are over.

    Nothing when anything but a time is asked for, nor of a year that is asked for in part.
    """
    if wish.is_narrow or wish.when is When.COMING:
        return ()
    by_year: dict[str, list[Visit]] = {}
    for one in closed:
        if _holds(wish, int(one.date[:4])):
            by_year.setdefault(one.date[:4], []).append(one)
    return tuple(
        Tally(year, len(some), _guests(some))
        for year, some in sorted(by_year.items(), reverse=True)
        if len(some) >= FEWEST
    )


def _holds(wish: Wish, year: int) -> bool:
    """Say whether the time that is asked for holds the whole of a year."""
    begins = wish.first is None or wish.first <= date(year, 1, 1)
    return begins and (wish.last is None or wish.last >= date(year, 12, 31))


def _tallies(there: Collection[Visit], kind: str) -> tuple[Tally, ...]:
    keyed = [(one, _keys(one, kind)) for one in there]
    if kind == "month" and len({key for _, keys in keyed for key in keys}) > MOST_MONTHS:
        keyed = [(one, {key[:4] for key in keys}) for one, keys in keyed]
    by_key: dict[str, list[Visit]] = {}
    for one, keys in keyed:
        for key in keys or {""}:
            by_key.setdefault(key, []).append(one)
    tallies = [Tally(key, len(some), _guests(some)) for key, some in by_key.items()]
    if kind == "month":
        return tuple(sorted(tallies, key=lambda one: one.key, reverse=True))
    return tuple(sorted(tallies, key=lambda one: (not one.key, -one.visits, one.key)))


def _keys(visit: Visit, kind: str) -> Collection[str]:
    return {visit.date[:7]} - {""} if kind == "month" else set(visit.values(kind))


def _guests(some: Iterable[Visit]) -> int | None:
    known = [one.guests for one in some if one.guests is not None]
    return sum(known) if known else None
