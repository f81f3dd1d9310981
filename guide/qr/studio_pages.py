"""What the pages of the studio may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from guide.accounts.office import OfficeFrame, OfficePage
from guide.exhibits.words import Passage
from guide.qr.cautions import Caution
from guide.qr.code import grouped
from guide.qr.labels import Reprint
from guide.qr.model import Code
from guide.qr.order import Hall, Order
from guide.qr.printshop import Printed
from guide.qr.run import Run
from guide.qr.stocks import Stock

NAMED = 5
"""Exhibits that a caution names before it says how many more there are."""


@dataclass(frozen=True)
class Tick:
    """Something to tick: what it is called in the address, and whether it is ticked."""

    slug: str
    name: Passage
    is_ticked: bool
    count: int = 1


@dataclass(frozen=True)
class HallTicks:
    """An exhibition to tick as a whole, or exhibit by exhibit."""

    whole: Tick
    exhibits: tuple[Tick, ...]

    @property
    def is_open(self) -> bool:
        """Say whether single exhibits of it are ticked."""
        return any(one.is_ticked for one in self.exhibits)

    @classmethod
    def of(cls, hall: Hall, order: Order, chain: Sequence[str]) -> Self:
        """Tick what was chosen."""
        slug, choices = hall.exhibition.slug, order.choices
        names = hall.exhibition.names
        name = next((Passage(names[tag], tag) for tag in chain if names.get(tag)), None)
        return cls(
            Tick(
                slug,
                name or Passage(slug, "zxx"),
                slug in choices.exhibition,
                sum(code.exhibit is not None for code in hall.codes),
            ),
            tuple(
                Tick(one.slug, one.name_in(chain), one.slug in choices.exhibit)
                for one in hall.exhibits
            ),
        )


@dataclass(frozen=True)
class Suggested:
    """A label that should be printed, and words for why."""

    code: str
    grouped: str
    name: Passage
    reasons: tuple[str, ...]
    is_ticked: bool

    @classmethod
    def of(cls, reprint: Reprint, order: Order, chain: Sequence[str]) -> Self:
        """Tick it if it was chosen by itself."""
        code = reprint.standing.code
        return cls(
            code.code,
            grouped(code.code),
            code.name_in(chain),
            reprint.reasons,
            code.code in order.choices.code,
        )


@dataclass(frozen=True)
class StockOption:
    """A stock to choose."""

    name: str
    measures: str
    is_chosen: bool

    @classmethod
    def of(cls, stock: Stock, chosen: Stock) -> Self:
        """Say its measures in mm."""
        measures = f"{stock.width:g} × {stock.height:g} mm"
        return cls(stock.name, measures, stock == chosen)


@dataclass(frozen=True)
class Warned:
    """A caution in words that a template can say: names, how many more, and a language."""

    kind: str
    names: tuple[Passage, ...] = ()
    more: int = 0
    language: Passage | None = None
    detail: str = ""

    @classmethod
    def of(cls, caution: Caution, chain: Sequence[str]) -> Self:
        """Name the first exhibits."""
        names = tuple(one.name_in(chain) for one in caution.exhibits[:NAMED])
        language = caution.language
        said = Passage(language.endonym, language.tag) if language else None
        return cls(caution.kind, names, len(caution.exhibits) - len(names), said)

    @classmethod
    def about(cls, kind: str, code: Code, chain: Sequence[str]) -> Self:
        """Say something of one label."""
        return cls(kind, (code.name_in(chain),))


@dataclass(frozen=True)
class Box:
    """A place on a sheet, in mm; `address` looks at its label, "" where one was used."""

    left: float
    top: float
    address: str
    is_looked_at: bool


@dataclass(frozen=True)
class Preview:
    """The sheet and the label that are looked at, in mm, and where they are drawn."""

    sheet: int
    label: int
    titles: tuple[Passage, ...]
    code: str
    page: tuple[float, float]
    size: tuple[float, float]
    boxes: tuple[Box, ...]
    sheet_address: str
    label_address: str
    before: str
    after: str
    sheet_before: str
    sheet_after: str
    symbol: str
    version: int
    reach: int

    @classmethod
    def of(cls, order: Order, run: Run, path: str, drawing: str) -> Self:
        """Describe the sheet that is looked at, which `run` holds alone."""
        face = run.faces[order.label - order.first_of_sheet]
        choices, stock, last = order.choices, order.stock, len(order.codes)

        def looking_at(label: int) -> str:
            return f"{path}?{choices.at(label).query}" if 1 <= label <= last else ""

        first, next_sheet = order.first_of_sheet, order.first_of_sheet + len(run.faces)
        query = choices.at(order.label).query
        return cls(
            sheet=order.sheet,
            label=order.label,
            titles=face.titles,
            code=grouped(face.code),
            page=stock.page,
            size=(stock.width, stock.height),
            boxes=tuple(
                Box(
                    *stock.corner(position),
                    looking_at(first + position - run.start + 1)
                    if position in _taken(run)
                    else "",
                    position == order.position,
                )
                for position in range(run.start - 1 + len(run.faces))
            ),
            sheet_address=f"{drawing}?{choices.at(first).query}",
            label_address=f"{drawing}?{query}&closer=on",
            before=looking_at(order.label - 1),
            after=looking_at(order.label + 1),
            sheet_before=looking_at(first - 1),
            sheet_after=looking_at(next_sheet),
            symbol=f"{stock.snapped(face.symbol.version):.1f}",
            version=face.symbol.version,
            reach=int(stock.reach(face.symbol) / 10),
        )


@dataclass(frozen=True)
class StudioPage(OfficePage):
    """What to print, what it will look like, and what to know before.

    `problem` is a word for why nothing could be drawn or printed, with detail.
    """

    template: ClassVar[str] = "qr/studio.html"

    halls: tuple[HallTicks, ...]
    suggested: tuple[Suggested, ...]
    stocks: tuple[StockOption, ...]
    tongues: tuple[tuple[Passage, ...], ...]
    chosen: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    start: int
    distance: int
    label: int
    crop_marks: bool
    calibration: bool
    is_draft: bool
    is_always_draft: bool
    faults: tuple[str, ...]
    stock: str
    most_languages: int
    labels: int
    sheets: int
    cautions: tuple[Warned, ...]
    preview: Preview | None
    query: str
    problem: str = ""
    detail: str = ""

    @property
    def has_suggested_ticked(self) -> bool:
        """Say whether a label was chosen among those suggested."""
        return any(one.is_ticked for one in self.suggested)

    @classmethod
    def of(  # noqa: PLR0913 (each is a part of the page)
        cls,
        frame: OfficeFrame,
        order: Order,
        preview: Preview | None,
        *,
        reprints: Iterable[Reprint],
        cautions: Iterable[Warned],
        problem: tuple[str, str] = ("", ""),
    ) -> Self:
        """Show an order."""
        chain = chain_of(frame)
        tags = tuple(one.tag for one in order.languages)
        stock, choices = order.stock, order.choices
        return cls(
            frame,
            halls=tuple(HallTicks.of(hall, order, chain) for hall in order.halls),
            suggested=tuple(Suggested.of(one, order, chain) for one in reprints),
            stocks=tuple(StockOption.of(one, stock) for one in order.press.stocks.values()),
            tongues=(tuple(Passage(one.endonym, one.tag) for one in order.offer),) * 3,
            chosen=(*tags, "", "")[:3],
            rows=tuple(
                tuple(range(row * stock.columns + 1, (row + 1) * stock.columns + 1))
                for row in range(stock.rows)
            ),
            start=min(choices.start, stock.count),
            distance=choices.distance,
            label=order.label,
            crop_marks=choices.crop_marks,
            calibration=choices.calibration,
            is_draft=order.is_draft,
            is_always_draft=order.press.public_base is None,
            faults=order.faults,
            stock=stock.name,
            most_languages=stock.most_languages,
            labels=len(order.codes),
            sheets=order.sheets if order.codes else 0,
            cautions=tuple(cautions),
            preview=preview,
            query=choices.query,
            problem=problem[0],
            detail=problem[1],
        )


@dataclass(frozen=True)
class PrintPage(OfficePage):
    """A print: being made, to be fetched, refused, or stopped. `at` is in the museum's time."""

    template: ClassVar[str] = "qr/print.html"

    state: str
    number: str
    query: str
    labels: int
    pages: int
    proved: int
    is_draft: bool
    who: str
    at: str
    refused: str
    detail: str

    @classmethod
    def of(cls, frame: OfficeFrame, number: str, printed: Printed, at: str) -> Self:
        """Show how far a print has come."""
        ticket = printed.ticket
        return cls(
            frame,
            printed.state,
            number,
            ticket.query,
            ticket.labels,
            ticket.pages,
            printed.proved,
            ticket.is_draft,
            ticket.who,
            at,
            *printed.refused,
        )


def chain_of(frame: OfficeFrame) -> tuple[str, ...]:
    """Return the languages in which staff read the names of exhibits."""
    return tuple(dict.fromkeys((frame.lang, "az", "en")))


def _taken(run: Run) -> range:
    return range(run.start - 1, run.start - 1 + len(run.faces))
