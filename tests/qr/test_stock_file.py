"""Stocks of the Center's own, as a file says them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageDraw

from guide.exhibits.words import Passage
from guide.qr.forme import TitleTooLongError
from guide.qr.printing import print_run
from guide.qr.run import Run
from guide.qr.stock_file import read_stock
from guide.qr.stocks import STOCKS, LabelsRefusedError, Layout, Stock
from tests import make
from tests.qr.test_labels import KAMANCHA, NOVEMBER, label, pages_of

CODES = ("wmwmw", "ab12n", *(f"ab1{one}n" for one in "3456789"))
"""The first is as wide as a code can be."""

PACKET = {
    "name": '"Herma 4457"',
    "label": "[99.1, 57.0]",
    "columns": "2",
    "rows": "4",
    "pitch": "[101.6, 60.0]",
    "margin": "[4.65, 20.0]",
    "symbol": "50",
}


def written(folder: Path, **changed: str) -> Path:
    file = folder / "own.toml"
    said = {name: value for name, value in (PACKET | changed).items() if value}
    file.write_text("".join(f"{name} = {value}\n" for name, value in said.items()))
    return file


def run_on(stock: Stock, language: str = "az", titles: tuple[Passage, ...] = KAMANCHA) -> Run:
    faces = [label(code, titles=titles) for code in CODES[: stock.count]]
    return Run.of(faces, [make.language(language, "en")], make.offer(), NOVEMBER, stock)


def test_labels_stand_where_the_packet_says(tmp_path: Path) -> None:
    stock = read_stock(written(tmp_path))
    assert stock.count == 8
    assert stock.corner(0) == (4.65, 20)
    assert stock.corner(7) == pytest.approx((4.65 + 101.6, 20 + 3 * 60))
    made = print_run(run_on(stock))
    assert len(made.proof.codes) == 8


def test_without_margin_and_pitch_labels_touch_in_the_middle_of_an_a4(tmp_path: Path) -> None:
    stock = read_stock(written(tmp_path, pitch="", margin=""))
    assert stock.corner(0) == pytest.approx(((210 - 198.2) / 2, (297 - 228) / 2))
    assert stock.corner(3) == pytest.approx(((210 - 198.2) / 2 + 99.1, (297 - 228) / 2 + 57))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"columns": "3"}, "labels stand from 4.7 to 306.9 mm, but the page is 210.0 mm wide"),
        ({"margin": "[4.65, 70.0]"}, "from 70.0 to 307.0 mm, but the page is 297.0 mm high"),
        ({"margin": "[-3.0, 20.0]"}, "labels stand from -3.0"),
        ({"pitch": "[99.1, 50.0]"}, "pitch: is less than the label"),
        ({"symbol": "29"}, "symbol: Input should be greater than or equal to 30"),
        ({"symbol": "52"}, "symbol: 51.7 mm do not fit into 93.1 × 51.0 mm"),
        ({"inset": "15"}, "symbol: 50.3 mm do not fit"),
        ({"scale": "2"}, "the words need 49.6 mm beside the symbol, not 42.3"),
        ({"layout": '"stacked"'}, "the words need 39.0 mm above and below the symbol, not 0.7"),
        ({"layout": '"round"'}, "layout: Input should be 'code beside', 'beside' or 'stacked'"),
        ({"rows": "0"}, "rows: Input should be greater than or equal to 1"),
        ({"rows": '"five"'}, "rows: Input should be a valid integer"),
        ({"label": "[99.1]"}, "label"),
        ({"label": ""}, "label: Field required"),
        ({"label": "[nan, 57.0]"}, "label.0"),
        ({"color": '"red"'}, "color: Extra inputs are not permitted"),
        ({"name": '"../x"'}, "name: String should match"),
        ({"name": "Herma"}, "is not TOML"),
    ],
)
def test_a_stock_that_cannot_be_printed_is_refused_by_its_file(
    tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    with pytest.raises(LabelsRefusedError) as refused:
        read_stock(written(tmp_path, **changed))
    assert told in str(refused.value)
    assert "own.toml" in str(refused.value)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(LabelsRefusedError, match=r"columns: .*; rows: "):
        read_stock(written(tmp_path, columns="0", rows="0"))


@pytest.mark.parametrize("stock", STOCKS)
def test_the_usual_stocks_could_stand_in_a_file(tmp_path: Path, stock: str) -> None:
    on = STOCKS[stock]
    said = {
        "label": f"[{on.width}, {on.height}]",
        "page": f"[{on.page[0]}, {on.page[1]}]",
        "columns": f"{on.columns}",
        "rows": f"{on.rows}",
        "pitch": f"[{on.width + on.gap}, {on.height}]",
        "margin": "",
        "symbol": f"{on.symbol}",
        "layout": f'"{on.layout}"',
        "scale": f"{on.scale}",
        "inset": f"{on.inset}",
    }
    read = read_stock(written(tmp_path, **said))
    assert read.corner(on.count - 1) == pytest.approx(on.corner(on.count - 1))
    assert read.module(label("ab12n").symbol) == on.module(label("ab12n").symbol)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    layout=st.sampled_from(Layout),
    language=st.sampled_from(["az", "ar"]),
    scale=st.sampled_from([1.0, 1.2, 1.5]),
    inset=st.sampled_from([2.0, 3.0, 8.0]),
    symbol=st.integers(30, 80),
    more=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_whatever_the_measures_no_ink_is_outside_a_label_or_in_its_inset(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    layout: Layout,
    language: str,
    scale: float,
    inset: float,
    symbol: int,
    more: tuple[int, int],
) -> None:
    wide = 2 * inset + symbol + (1 if layout is Layout.STACKED else 26.5 * scale) + more[0]
    room = symbol + 40 * scale if layout is Layout.STACKED else max(symbol + 1, 32 * scale)
    high = 2 * inset + room + more[1]
    said = {
        "label": f"[{wide}, {high}]",
        "page": f"[{wide + 20.0}, {2 * high + 20.0}]",
        "columns": "1",
        "rows": "2",
        "pitch": f"[{wide}, {high + 5}]",
        "margin": "[12.0, 6.0]",
        "layout": f'"{layout}"',
        "symbol": f"{symbol}",
        "scale": f"{scale}",
        "inset": f"{inset}",
    }
    stock = read_stock(written(tmp_path, **said))
    try:
        [page] = pages_of(print_run(run_on(stock, language)).pdf, 150)
    except TitleTooLongError:
        return
    paper = ImageDraw.Draw(page)
    across, down = page.width / stock.page[0], page.height / stock.page[1]
    for position in range(2):
        left, top = stock.corner(position)
        near, far = inset - 0.2, (wide - inset + 0.2, high - inset + 0.2)
        box = ((left + near) * across, (top + near) * down)
        end = ((left + far[0]) * across, (top + far[1]) * down)
        paper.rectangle((*box, *end), 255)
    assert page.getextrema() == (255, 255)
