"""An agenda put into words: the day with its board, the week, the month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain as joined

from babel.dates import format_date

from guide.accounts.office import OfficeFrame
from guide.languages.catalogues import locale
from guide.tours.agenda import Agenda
from guide.tours.board import (
    ELSEWHERE,
    HOUSE,
    OPEN,
    Board,
    Cell,
    Mark,
    Meeting,
    Standing,
    board_of,
    marks_of,
    meetings_among,
    standings,
)
from guide.tours.calendar_pages import (
    BoardCell,
    BoardRow,
    Clash,
    Closed,
    Column,
    Day,
    DayBoard,
    DayPage,
    Line,
    MonthPage,
    Promised,
    Shown,
    Stay,
    Top,
    WeekPage,
)
from guide.tours.clashes import double_promised
from guide.tours.days import Span, View, week_of, weeks_of_month
from guide.tours.model import State, Tour
from guide.tours.pages import chain_of, clock
from guide.tours.places import House
from guide.tours.slots import bounds
from guide.tours.stops import Place

FEW = 3
"""Tours of a day that a month names; the others are counted."""
KINDS = {HOUSE: "house", OPEN: "open", ELSEWHERE: "elsewhere"}


@dataclass(frozen=True)
class Views:
    """What the views of an agenda are made of; `address` leads to the view of a day."""

    agenda: Agenda
    house: House
    frame: OfficeFrame
    top: Top
    addresses: Mapping[date, str]
    chosen: date
    today: date

    def day(self) -> DayPage:
        """Show the chosen day of an agenda that holds its week."""
        of_day = self.agenda.within(Span(self.chosen, self.chosen), self.frame.zone)
        marks = marks_of(of_day.tours)
        standing = {tour.id: self._standing(tour, marks) for tour in of_day.tours}
        lines = [self._line(tour, marks, standing[tour.id]) for tour in of_day.tours]
        all_standing = tuple(joined.from_iterable(standing.values()))
        board = board_of(
            (*all_standing, *(Standing(0, None, HOUSE, *slot) for slot in of_day.booked)),
            of_day.closures,
            self.house.order,
            bounds(self.chosen, self.chosen, self.frame.zone),
        )
        return DayPage(
            self.frame,
            self.top,
            week=tuple(self._of_days(week_of(self.chosen), most=0)),
            board=self._board(board) if board else None,
            lines=tuple(line for line in lines if line.slot),
            undated=tuple(line for line in lines if not line.slot),
            booked=self._slots(of_day.booked),
            closed=self._closed(of_day),
            clashes=self._clashes(meetings_among(all_standing)),
            promised=self._promised(of_day, marks),
        )

    def week(self) -> WeekPage:
        """Show the week of the chosen day."""
        return WeekPage(self.frame, self.top, tuple(self._of_days(week_of(self.chosen))))

    def month(self) -> MonthPage:
        """Show the month of the chosen day."""
        days = list(self._of_days(weeks_of_month(self.chosen), most=FEW))
        weeks = tuple(tuple(days[at : at + 7]) for at in range(0, len(days), 7))
        return MonthPage(self.frame, self.top, tuple(day.weekday for day in weeks[0]), weeks)

    def _of_days(self, days: Span, most: int | None = None) -> Iterable[Day]:
        """Go through days, with so many of their tours at most."""
        here = locale(self.frame.lang)
        for day in days.days:
            some = self.agenda.within(Span(day, day), self.frame.zone)
            marks = marks_of(some.tours)
            shown = some.tours if most is None else some.tours[:most]
            yield Day(
                iso=day.isoformat(),
                path=self.addresses[day],
                weekday=format_date(day, "ccc", locale=here),
                number=format_date(day, "d", locale=here),
                words=format_date(day, "d MMMM y, EEEE", locale=here),
                is_chosen=day == self.chosen,
                is_today=day == self.today,
                is_outside=self.top.view == View.MONTH and day.month != self.chosen.month,
                count=sum(tour.state != State.CANCELLED for tour in some.tours),
                lines=tuple(Line.of(tour, self.frame, marks.get(tour.id)) for tour in shown),
                more=len(some.tours) - len(shown),
                booked=self._slots(some.booked),
                closed=self._closed(some),
                clashes=self._count_of_clashes(some, marks),
            )

    def _count_of_clashes(self, agenda: Agenda, marks: Mapping[int, Mark]) -> int:
        if self.top.view != View.DAY:
            return 0
        standing = joined.from_iterable(self._standing(one, marks) for one in agenda.tours)
        return len(meetings_among(tuple(standing))) + len(self._promised(agenda, marks))

    def _promised(self, agenda: Agenda, marks: Mapping[int, Mark]) -> tuple[Promised, ...]:
        """Find who is promised to two tours of a day at once; each pair is said once."""
        there = [tour for tour in agenda.tours if tour.id in marks]
        return tuple(
            Promised(
                marks[tour.id].letter,
                marks[found.other.id].letter,
                found.who,
                found.word == "interpreter-busy",
                self._slot((found.begins, found.ends)),
            )
            for number, tour in enumerate(there)
            for found in double_promised(tour, there[number + 1 :], self.house.ways)
            if found.other and found.begins and found.ends
        )

    def _standing(self, tour: Tour, marks: Mapping[int, Mark]) -> tuple[Standing, ...]:
        """Say where a tour stands when; one that is cancelled stands nowhere."""
        if tour.id not in marks:
            return ()
        return tuple(standings(tour, marks[tour.id], self.house.ways))

    def _line(self, tour: Tour, marks: Mapping[int, Mark], some: Iterable[Standing]) -> Line:
        stays = (self._stay(standing) for standing in some)
        return Line.of(tour, self.frame, marks.get(tour.id), stays)

    def _stay(self, standing: Standing) -> Stay:
        """Put into words where a tour stands; free words only for whoever may read names."""
        chain = chain_of(self.frame)
        is_elsewhere = standing.place == ELSEWHERE
        is_readable = standing.tour_id in self.agenda.readable
        return Stay(
            _kind(standing.place),
            self.house.name_of(standing.place, chain),
            self._slot((standing.begins, standing.ends)),
            len(standing.stops),
            tuple(stop.name_in(chain) for stop in standing.stops)
            if is_elsewhere and is_readable
            else (),
        )

    def _board(self, board: Board) -> DayBoard:
        chain = chain_of(self.frame)
        return DayBoard(
            tuple(
                Column(_kind(place), self.house.name_of(place, chain)) for place in board.places
            ),
            tuple(
                BoardRow(at, at.endswith(":00"), tuple(self._cell(cell) for cell in row.cells))
                for row in board.rows
                for at in [clock(row.at, self.frame) if row.at else ""]
            ),
        )

    def _cell(self, cell: Cell) -> BoardCell:
        shown = tuple(Shown(one.mark, self._stay(one)) for one in cell.standing)
        return BoardCell(cell.rows, shown, self._clashes(cell.meetings), cell.is_shut)

    def _clashes(self, meetings: Iterable[Meeting]) -> tuple[Clash, ...]:
        chain = chain_of(self.frame)
        return tuple(
            Clash(
                meeting.one,
                meeting.other,
                self.house.name_of(meeting.place, chain),
                self._slot((meeting.begins, meeting.ends)),
                meeting.minutes,
            )
            for meeting in meetings
        )

    def _closed(self, agenda: Agenda) -> tuple[Closed, ...]:
        return tuple(Closed.of(one, self.house, self.frame) for one in agenda.closures)

    def _slots(self, slots: Sequence[tuple[datetime, datetime]]) -> tuple[str, ...]:
        return tuple(self._slot(slot) for slot in slots)

    def _slot(self, slot: tuple[datetime, datetime]) -> str:
        return "–".join(clock(at, self.frame) for at in slot)


def title_of(view: View, day: date, frame: OfficeFrame) -> str:
    """Write the day, the week or the month that is shown; nothing for a list."""
    here = locale(frame.lang)
    if view is View.LIST:
        return ""
    if view is View.MONTH:
        return format_date(day, "LLLL y", locale=here)
    if view is View.WEEK:
        week = week_of(day)
        first = format_date(week.first, "d MMMM", locale=here)
        return f"{first} – {format_date(week.last, 'd MMMM y', locale=here)}"
    return format_date(day, "d MMMM y, EEEE", locale=here)


def days_shown(view: View, day: date) -> Span:
    """Return the days that a view of a day holds."""
    return weeks_of_month(day) if view is View.MONTH else week_of(day)


def _kind(place: Place) -> str:
    return KINDS.get(place, place.kind)
