"""The list of visits put into words: a page of it, what narrows it, and its totals."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from guide.accounts.model import Role
from guide.accounts.office import OfficeFrame
from guide.accounts.permissions import Person
from guide.exhibits.model import Exhibition
from guide.exhibits.words import Passage, Words, first_in
from guide.languages.catalogues import locale
from guide.languages.sorting import sort_key
from guide.tours.calendar_pages import Guide, Line, Top
from guide.tours.model import Category, State, Tour
from guide.tours.naming import language_name
from guide.tours.pages import chain_of, partial_date
from guide.tours.queries import WITH_STAFF
from guide.tours.slots import day_of
from guide.tours.visits.finding import (
    Sifted,
    Visit,
    closed_of_ended_years,
    looked_up,
    taken_place,
)
from guide.tours.visits.pages import (
    Chosen,
    Counted,
    Field,
    Listed,
    ListPage,
    Option,
    Part,
    ShownTotals,
)
from guide.tours.visits.totals import Tally, Totals, closed_by_year
from guide.tours.visits.wish import FIELDS, When, Wish, page_number

AT_ONCE = 50
"""Visits of one page of the list."""
MOST_EXPORTED = 5_000
"""Visits of one file."""
FEW = 6
"""Countries, languages … that are shown at once; the others are a press away."""
ORDERS: Mapping[str, Sequence[str]] = {
    "state": tuple(State),
    "category": tuple(Category),
}


_Way = Callable[[str, str], str]
"""Leads from a kind of thing and its value to an address; to none where nothing is listed."""


@dataclass(frozen=True)
class Listing:
    """Who looks for what, among `only` some tours, on which day."""

    frame: OfficeFrame
    who: Person
    wish: Wish
    only: ColumnElement[bool] | None
    today: date

    def sift(self, db: Session) -> Sifted:
        """Find the visits."""
        return looked_up(db, self.who, self.wish, self.only, self.today, self.frame.zone)

    def closed(self, db: Session) -> tuple[Tally, ...]:
        """Count what planners learn of closed visits, when they look at the whole house."""
        is_whole = self.only is None and self.who.is_any_of(Role.PLANNER)
        if not is_whole or self.wish.is_narrow or self.wish.when is When.COMING:
            return ()
        return closed_by_year(closed_of_ended_years(db, self.who, self.today), self.wish)


def listed(
    db: Session,
    listing: Listing,
    top: Top,
    address: tuple[str, Mapping[str, str]],
    typed_page: str,
) -> ListPage:
    """Show a page of the list; `address` is its path and the words that always stay."""
    wish, sifted = listing.wish, listing.sift(db)
    count = len(sifted.found)
    number = min(page_number(typed_page), max(-(-count // AT_ONCE), 1))
    at = (number - 1) * AT_ONCE
    ways = _Ways(*address)
    words = _Words(listing.frame, exhibition_names(db))
    is_too_much = count > MOST_EXPORTED
    return ListPage(
        listing.frame,
        top,
        query=wish.query,
        when=wish.when.value,
        first=wish.told[0],
        last=wish.told[1],
        is_wrong_period=wish.is_wrong,
        is_too_much=is_too_much,
        fields=tuple(_fields(sifted, wish, words)),
        chosen=tuple(_chosen(wish, words, ways, top.guides)),
        has_more=wish.is_wrong,
        hidden={name: word for name, word in ways.fixed.items() if name != "guide"},
        times={
            "coming": ways.to(wish.among_all(), when=""),
            "past": ways.to(wish.among_all(), when=When.PAST.value),
            "all": ways.to(wish.among_all()),
        },
        lines=tuple(_lines(db, sifted.found[at : at + AT_ONCE], listing.frame)),
        count=count,
        begins=at + 1,
        nearer=ways.to(wish, page=str(number - 1)) if number > 1 else "",
        further=ways.to(wish, page=str(number + 1)) if count > at + AT_ONCE else "",
        wider=ways.to(wish.among_all()) if wish.when is not When.ALL else "",
        bare=ways.to(Wish(when=wish.when), guide=""),
        totals=_totals(
            Totals.of(sifted.found, wish), words, listing.closed(db), ways.into(wish)
        ),
        most_exported=MOST_EXPORTED,
        csv="" if is_too_much or not count else ways.to_file("csv", wish),
        xlsx="" if is_too_much or not count else ways.to_file("xlsx", wish),
    )


def exhibition_names(db: Session) -> dict[str, Words]:
    """Return what exhibitions are called, by their slugs, in the order of the house."""
    query = select(Exhibition.slug, Exhibition.names)
    query = query.order_by(Exhibition.position, Exhibition.slug)
    return {row.slug: row.names for row in db.execute(query)}


def totals_of_house(db: Session, frame: OfficeFrame, wish: Wish, who: Person) -> ShownTotals:
    """Count what took place in a time for whoever may open no visit: no address leads on.

    Closed visits are told by years that are over, as in the list.
    """
    today = day_of(datetime.now(UTC), frame.zone)
    totals = Totals.of(taken_place(db, wish, today, frame.zone), wish)
    closed = closed_by_year(closed_of_ended_years(db, who, today), wish)
    return _totals(totals, _Words(frame, exhibition_names(db)), closed, lambda *_: "")


def country_name(code: str, language: str) -> str:
    """Return what a country is called; what no list settles is called as it was written."""
    return str(locale(language).territories.get(code) or code)


@dataclass(frozen=True)
class _Ways:
    """The addresses of the list."""

    path: str
    fixed: Mapping[str, str]

    def to(self, wish: Wish, **more: str) -> str:
        """Return the address at which a wish is answered."""
        words = {**self.fixed, **wish.address, **more}
        return f"{self.path}?{urlencode({name: word for name, word in words.items() if word})}"

    def into(self, wish: Wish) -> _Way:
        """Return what leads to a wish narrowed to a value besides, where it can be."""

        def way(kind: str, value: str) -> str:
            can_be_listed = value and kind in FIELDS and kind not in wish.narrowed
            return self.to(wish.narrowed_to(kind, value)) if can_be_listed else ""

        return way

    def to_file(self, format_: str, wish: Wish) -> str:
        """Return the address of a file of all that a wish finds."""
        words = {name: word for name, word in self.fixed.items() if name != "day"}
        return f"{self.path}/visits.{format_}?{urlencode({**words, **wish.address})}"


@dataclass(frozen=True)
class _Words:
    """What the values of fields are called; none where a template has its word."""

    frame: OfficeFrame
    exhibitions: Mapping[str, Words]

    def name(self, field: str, value: str) -> Passage | None:
        """Return what a value is called."""
        lang = self.frame.lang
        match field:
            case "country":
                return Passage(country_name(value, lang), lang)
            case "language":
                return Passage(language_name(value, lang), lang)
            case "exhibition":
                named = self.exhibitions.get(value, {})
                return first_in(named, chain_of(self.frame)) or Passage(value, "zxx")
            case "month":
                return Passage(partial_date(value, self.frame), lang)
            case _:
                return None

    def in_order(self, field: str, values: Iterable[str]) -> list[str]:
        """Put values into the order in which they are offered."""
        if field == "exhibition":
            order: Sequence[str] = tuple(self.exhibitions)
        elif field in ORDERS:
            order = ORDERS[field]
        else:
            order = ()
        if order:
            return sorted(values, key=lambda one: order.index(one) if one in order else -1)

        def named(value: str) -> tuple[object, ...]:
            name = self.name(field, value)
            return sort_key(name.text if name else value, self.frame.lang)

        return sorted(values, key=named)


def _fields(sifted: Sifted, wish: Wish, words: _Words) -> Iterator[Field]:
    """Offer what is there, and what is chosen though it is not."""
    for name in FIELDS:
        chosen = wish.narrowed.get(name, "")
        values = set(sifted.offered[name]) | ({chosen} if chosen else set())
        yield Field(
            name,
            tuple(
                Option(value, words.name(name, value), value == chosen)
                for value in words.in_order(name, values)
            ),
        )


def _chosen(
    wish: Wish, words: _Words, ways: _Ways, guides: Iterable[Guide]
) -> Iterator[Chosen]:
    if wish.query:
        said = Passage(wish.query, "zxx")
        yield Chosen("q", wish.query, said, ways.to(wish.without("q")))
    if wish.when is When.DATES:
        told = (partial_date(day, words.frame) if day else "…" for day in wish.told)
        span = Passage(" – ".join(told), words.frame.lang)
        yield Chosen("dates", "", span, ways.to(wish.without("dates")))
    for name, value in wish.narrowed.items():
        yield Chosen(name, value, words.name(name, value), ways.to(wish.without(name)))
    for guide in guides:
        if guide.id == ways.fixed.get("guide"):
            called = Passage(guide.name, "zxx")
            yield Chosen("guide", guide.id, called, ways.to(wish, guide=""))


def _lines(db: Session, some: Sequence[Visit], frame: OfficeFrame) -> Iterator[Listed]:
    query = select(Tour).where(Tour.id.in_([one.id for one in some])).options(*WITH_STAFF)
    tours = {tour.id: tour for tour in db.scalars(query)}
    for one in some:
        yield Listed(Line.of(tours[one.id], frame), one.guests, one.counted is not None)


def _totals(totals: Totals, words: _Words, closed: Iterable[Tally], way: _Way) -> ShownTotals:
    def shown(kind: str, tally: Tally) -> Counted:
        return Counted(
            tally.key,
            words.name(kind, tally.key) if tally.key else None,
            way(kind, tally.key),
            tally.visits,
            tally.guests,
        )

    return ShownTotals(
        totals.visits,
        totals.guests,
        totals.uncounted,
        totals.cancelled,
        tuple(
            Part(
                kind,
                tuple(shown(kind, one) for one in some[:FEW]),
                tuple(shown(kind, one) for one in some[FEW:]),
            )
            for kind, some in totals.by.items()
        ),
        tuple(Counted(one.key, None, "", one.visits, one.guests) for one in closed),
    )
