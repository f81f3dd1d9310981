"""An order: what was chosen to print, held against the museum and its stocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Self

from sqlalchemy.orm import Session

from guide.exhibits.model import Exhibit, Exhibition
from guide.languages.model import Language, Offer
from guide.qr.choices import Choices
from guide.qr.labels import titles_of
from guide.qr.model import Carrier, Code
from guide.qr.queries import codes_of
from guide.qr.run import MOST_LANGUAGES, Draw, Face, Run
from guide.qr.stock_file import read_stock
from guide.qr.stocks import STOCKS, LabelsRefusedError, Stock

USUAL_STOCK = "L7173"


@dataclass(frozen=True)
class Press:
    """What the guide prints with: its stocks, how symbols are drawn, and under which address.

    `faults` are of stock files that cannot be used. Without a public address there are drafts
    alone.
    """

    stocks: Mapping[str, Stock]
    faults: tuple[str, ...]
    draw: Draw
    draft: Draw
    public_base: str | None
    serving_base: str
    today: date

    def base(self, choices: Choices) -> tuple[Draw, str]:
        """Return how symbols are drawn, and the address before /q/."""
        if choices.draft or self.public_base is None:
            return self.draft, self.serving_base
        return self.draw, self.public_base


@dataclass(frozen=True)
class Hall:
    """An exhibition, and the codes in it that can be printed, posters' among them."""

    exhibition: Exhibition
    codes: tuple[Code, ...]

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits in it that have a label."""
        return tuple(dict.fromkeys(code.exhibit for code in self.codes if code.exhibit))


@dataclass(frozen=True)
class Order:
    """What will be printed. `faults` are words for what cannot be: then there is no run."""

    choices: Choices
    press: Press
    offer: Offer
    halls: tuple[Hall, ...]
    codes: tuple[Code, ...]
    languages: tuple[Language, ...]
    stock: Stock
    faults: tuple[str, ...]

    @classmethod
    def of(
        cls, db: Session, offer: Offer, press: Press, choices: Choices, unread: Iterable[str]
    ) -> Self:
        """Find what was chosen."""
        halls = tuple(_halls(db))
        chosen = tuple(code for hall in halls for code in hall.codes if _is_in(choices, code))
        tags = dict.fromkeys(choices.language)
        found = [offer.spelt(tag) for tag in tags]
        languages = tuple(dict.fromkeys(one for one in found if one))
        stock = press.stocks.get(choices.stock)
        faults = [*sorted(unread)]
        if stock is None:
            faults.append("no-such-stock")
            stock = press.stocks[USUAL_STOCK]
        if not chosen:
            faults.append("nothing")
        if not languages or None in found or len(languages) > MOST_LANGUAGES:
            faults.append("language")
        elif len(languages) > stock.most_languages:
            faults.append("too-many-languages")
        if choices.start > stock.count:
            faults.append("start")
        return cls(
            choices,
            press,
            offer,
            halls,
            chosen,
            languages or tuple(offer)[:1],
            stock,
            tuple(dict.fromkeys(faults)),
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the address names and nothing here answers to: gone, closed, or misspelt."""
        known = {code.code for code in self.codes} | {
            hall.exhibition.slug for hall in self.halls
        }
        known |= {one.slug for hall in self.halls for one in hall.exhibits}
        choices = self.choices
        named = (*choices.exhibition, *choices.exhibit, *choices.code)
        return tuple(one for one in named if one not in known)

    @property
    def is_draft(self) -> bool:
        """Say whether the labels will say DRAFT."""
        return self.choices.draft or self.press.public_base is None

    @property
    def label(self) -> int:
        """The number of the label that is looked at, from 1; at most that of the last."""
        return min(self.choices.label, len(self.codes))

    @property
    def sheets(self) -> int:
        """How many sheets the labels take, without the page to calibrate with."""
        return -(-(self.choices.start - 1 + len(self.codes)) // self.stock.count)

    @property
    def sheet(self) -> int:
        """The number of the sheet that is looked at, from 1."""
        return self._place // self.stock.count + 1

    @property
    def position(self) -> int:
        """Where on its sheet the label stands that is looked at, from 0."""
        return self._place % self.stock.count

    @property
    def first_of_sheet(self) -> int:
        """The number of the first label of that sheet, from 1."""
        return max(1, (self.sheet - 1) * self.stock.count - self.choices.start + 2)

    def run(self) -> Run:
        """Put the run together; raise LabelsRefusedError for what cannot be set."""
        return self._run(self.codes, self.choices.start, has_calibration=True)

    def run_of_sheet(self) -> Run:
        """Put together the sheet that is looked at alone, as `run` has it."""
        first = self.first_of_sheet
        start = self.choices.start if self.sheet == 1 else 1
        codes = self.codes[first - 1 :][: self.stock.count - start + 1]
        return self._run(codes, start, has_calibration=False)

    @property
    def _place(self) -> int:
        return self.choices.start - 1 + max(0, self.label - 1)

    def _run(self, codes: Sequence[Code], start: int, *, has_calibration: bool) -> Run:
        draw, base = self.press.base(self.choices)
        faces = [
            Face(code.code, draw(f"{base}/q/{code.code}"), titles_of(code, self.languages))
            for code in codes
        ]
        return Run.of(
            faces,
            self.languages,
            self.offer,
            self.press.today,
            self.stock,
            start=start,
            has_crop_marks=self.choices.crop_marks,
            has_calibration=has_calibration and self.choices.calibration,
        )


def stocks_in(folder: Path) -> tuple[dict[str, Stock], tuple[str, ...]]:
    """Read the usual stocks and the Center's own, and say which files cannot be used."""
    stocks, faults = dict(STOCKS), []
    for file in sorted(folder.glob("*.toml")):
        try:
            stock = read_stock(file)
        except (LabelsRefusedError, OSError) as refused:
            faults.append(str(refused).replace(str(file), file.name))
        else:
            stocks.setdefault(stock.name, stock)
    return stocks, tuple(faults)


def _halls(db: Session) -> Iterator[Hall]:
    printable = (
        code for code in codes_of(db) if code.is_in_use and code.label.carrier == Carrier.PRINT
    )
    for exhibition, codes in groupby(printable, lambda code: code.room):
        yield Hall(exhibition, tuple(codes))


def _is_in(choices: Choices, code: Code) -> bool:
    """Say whether a code was chosen; a poster's is by itself alone."""
    exhibit = code.exhibit
    is_of_exhibit = exhibit is not None and (
        code.room.slug in choices.exhibition or exhibit.slug in choices.exhibit
    )
    return is_of_exhibit or code.code in choices.code
