"""What a camera sees: small, unsharp, askew and grainy (Q3 and Q4 of `docs/labels.md`)."""

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from guide.qr.code import mint
from guide.qr.proof import Spot
from guide.qr.run import Face
from guide.qr.stocks import STOCKS
from guide.qr.symbols import Symbol
from guide.qr.typesetting import typeset
from tests.qr.test_labels import (
    BASE,
    KAMANCHA,
    LONG_BASE,
    around,
    dozen,
    pages_of,
    run_of,
    symbols_in,
)

PX_PER_MODULE = 2.8
DPI = {name: 100 if name == "A3" else 300 for name in STOCKS}


def seen(page: Image.Image, spot: Spot, dpi: int, degrees: float) -> Image.Image:
    """Take a picture of a symbol from so far that a module is 2.8 pixels wide."""
    cut = around(page, spot, dpi)
    modules = (spot.side + 2 * spot.quiet) / (spot.quiet / 4)
    turned = cut.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    scale = PX_PER_MODULE * modules / cut.width
    small = turned.resize((round(turned.width * scale), round(turned.height * scale)))
    return small.filter(ImageFilter.GaussianBlur(1))


@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("base", [BASE, LONG_BASE], ids=["version 2", "version 3"])
def test_symbols_of_every_stock_are_read_small_unsharp_and_askew(base: str, stock: str) -> None:
    """Q4."""
    codes = [face.code for face in dozen()[: STOCKS[stock].count]]
    run = run_of(
        *(Face(one, Symbol.of(f"{base}/q/{one}"), KAMANCHA) for one in codes), stock=stock
    )
    for page, spots in zip(pages_of(typeset(run), DPI[stock]), run.spots, strict=True):
        for spot in spots:
            read = zxingcpp.read_barcodes(seen(page, spot, DPI[stock], 10))
            assert [one.text for one in read] == [spot.payload]


@pytest.mark.long
@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("base", [BASE, LONG_BASE], ids=["version 2", "version 3"])
def test_many_symbols_are_read_at_every_angle_in_a_grainy_picture(
    base: str, stock: str
) -> None:
    """Q4 with the noise of a weak phone; one in a hundred may need a second look."""
    taken, misread = set[str](), []
    for _ in range(60):
        taken.add(mint(taken))
    faces = [Face(one, Symbol.of(f"{base}/q/{one}"), KAMANCHA) for one in sorted(taken)]
    run = run_of(*faces, stock=stock)
    looks = 0
    for page, spots in zip(pages_of(typeset(run), DPI[stock]), run.spots, strict=True):
        for spot in spots:
            for degrees in (-12, -5, 0, 5, 12, 90, 180, 270):
                picture = seen(page, spot, DPI[stock], degrees)
                grain = Image.effect_noise(picture.size, 8)
                picture = ImageChops.add(picture, grain, scale=1, offset=-128)
                read = zxingcpp.read_barcodes(picture)
                looks += 1
                if [one.text for one in read] != [spot.payload]:
                    misread.append((spot.payload, degrees, [one.text for one in read]))
    assert looks == 480
    assert len(misread) < looks / 100, misread
    assert not [one for *_, texts in misread for one in texts], "read as another address"


@pytest.mark.long
@pytest.mark.parametrize("stock", STOCKS)
@pytest.mark.parametrize("dpi", [300, 600])
def test_every_symbol_of_a_run_is_read_at_the_printers_resolution(stock: str, dpi: int) -> None:
    """Q3 for two sheets of every stock."""
    taken = set[str]()
    while len(taken) < 2 * STOCKS[stock].count:
        taken.add(mint(taken))
    faces = [Face(one, Symbol.of(f"{BASE}/q/{one}"), KAMANCHA) for one in sorted(taken)]
    run = run_of(*faces, stock=stock)
    for page, spots in zip(pages_of(typeset(run), dpi), run.spots, strict=True):
        assert sorted(one.text for one in symbols_in(page)) == sorted(
            spot.payload for spot in spots
        )
