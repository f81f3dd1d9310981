"""A stock of the Center's own: `--stock FILE.toml` with the measures on its packet, in mm."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from guide.qr.stocks import A4, GUTTER_MM, READY_CUT_INSET, LabelsRefusedError, Layout, Stock

SMALLEST_SYMBOL = 30.0
"""With its quiet zone; a smaller one is read from too near."""

NARROWEST_COLUMN, LOWEST_LABEL, LEAST_ROOM = 24.8, 32.0, 39.0
"""What the words need at a scale of 1: a column beside the symbol, the height of both, and the
room that a stacked symbol leaves above and below it."""

FINEST = 0.05
"""What is written on a packet is rounded to a tenth of a millimetre."""

Length = Annotated[float, Field(gt=0, le=1_200)]
Pair = Annotated[tuple[Length, Length], Field(strict=False)]
Count = Annotated[int, Field(ge=1, le=50)]


class StockFile(BaseModel):
    """What such a file says; a pitch goes from one label's edge to the same one of the next."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, StringConstraints(pattern=r"^[\w .-]{1,40}$")]
    page: Pair = A4
    label: Pair
    columns: Count
    rows: Count
    pitch: Pair | None = None
    margin: Annotated[tuple[float, float], Field(strict=False)] | None = None
    symbol: Annotated[float, Field(ge=SMALLEST_SYMBOL, le=600)]
    layout: Annotated[Layout, Field(strict=False)] = Layout.BESIDE
    scale: Annotated[float, Field(ge=1, le=6)] = 1.0
    inset: Annotated[float, Field(ge=2, le=30)] = READY_CUT_INSET

    def stock(self) -> Stock:
        """Make a stock of it, whether it fits its page or not."""
        width, height = self.label
        across, down = self.pitch or self.label
        return Stock(
            *(self.name, width, height, self.columns, self.rows),
            symbol=self.symbol,
            gap=across - width,
            row_gap=down - height,
            margin=self.margin,
            page=self.page,
            layout=self.layout,
            scale=self.scale,
            inset=self.inset,
        )


def read_stock(file: Path) -> Stock:
    """Read a stock; raise LabelsRefusedError with all that is wrong with it."""
    try:
        said = StockFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise LabelsRefusedError(f"{file} is not TOML: {broken}") from None
    except ValidationError as wrong:
        told = [f"{_place(one['loc'])}: {one['msg']}" for one in wrong.errors()]
        raise LabelsRefusedError(f"{file}: {'; '.join(told)}") from None
    stock = said.stock()
    if faults := [*_faults_of_sheet(stock), *_faults_of_label(stock)]:
        raise LabelsRefusedError(f"{file}: {'; '.join(faults)}")
    return stock


def _place(where: tuple[int | str, ...]) -> str:
    return ".".join(str(one) for one in where) or "the file"


def _faults_of_sheet(stock: Stock) -> Iterator[str]:
    if stock.gap < -FINEST or stock.row_gap < -FINEST:
        yield "pitch: is less than the label, so that labels overlap"
    first, last = stock.corner(0), stock.corner(stock.count - 1)
    ends = (last[0] + stock.width, last[1] + stock.height)
    for begin, end, page, way in zip(first, ends, stock.page, ("wide", "high"), strict=True):
        if begin < -FINEST or end > page + FINEST:
            yield (
                f"labels stand from {begin:.1f} to {end:.1f} mm, but the page is "
                f"{page:.1f} mm {way}"
            )


def _faults_of_label(stock: Stock) -> Iterator[str]:
    wide, high = stock.width - 2 * stock.inset, stock.height - 2 * stock.inset
    symbol = stock.widest_symbol
    if symbol > min(wide, high) + FINEST:
        yield f"symbol: {symbol:.1f} mm do not fit into {wide:.1f} × {high:.1f} mm"
    elif stock.layout is Layout.STACKED:
        yield from _lacking(
            LEAST_ROOM * stock.scale, high - symbol, "above and below the symbol"
        )
    else:
        column = wide - symbol - GUTTER_MM
        yield from _lacking(NARROWEST_COLUMN * stock.scale, column, "beside the symbol")
        yield from _lacking(LOWEST_LABEL * stock.scale, high, "between the insets")


def _lacking(needed: float, there_is: float, where: str) -> Iterator[str]:
    if there_is < needed - FINEST:
        yield f"the words need {needed:.1f} mm {where}, not {there_is:.1f}"
