"""Symbols: what is in them, how they are drawn, and that they are read back (Q1, Q2, Q7)."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from guide.qr.code import mint
from guide.qr.symbols import (
    QUIET,
    Symbol,
    UnfitAddressError,
    UnreadableSymbolError,
    in_terminal,
)

SHORT = "https://g.hac.az/q/ab12n"
LONG = "https://heydaraliyevcenter.az/q/ab12n"


def test_a_short_address_makes_version_2_and_a_long_one_3() -> None:
    assert Symbol.of(SHORT).version == 2
    assert Symbol.of(LONG).version == 3


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_symbol_is_read_back_before_it_leaves(form: str) -> None:
    assert Symbol.of(SHORT).proved(form)  # type: ignore[arg-type]  # parametrised


def test_symbols_of_many_codes_are_read_by_the_second_library_at_level_m() -> None:
    taken: set[str] = set()
    for _ in range(20):
        taken.add(mint(taken))
    for code in taken:
        payload = f"https://g.hac.az/q/{code}"
        [read] = zxingcpp.read_barcodes(Image.open(BytesIO(Symbol.of(payload).proved("png"))))
        assert read.text == payload
        assert read.ec_level in {"M", "Q", "H"}


@pytest.mark.parametrize(
    "address",
    [
        "http://g.hac.az/q/ab12n",
        "https://G.HAC.AZ/q/ab12n",
        "https://g.hac.az/q/AB12N",
        "https://g.hac.az:8000/q/ab12n",
        "https://g.hac.az/q/ab12n?x=1",
        "https://g.hac.az/q/abi2n",
        "https://guide.heydaraliyevcenter.az/q/ab12n",
    ],
)
def test_an_address_that_may_not_be_printed_is_refused(address: str) -> None:
    with pytest.raises(UnfitAddressError):
        Symbol.of(address)


def test_the_quiet_zone_is_four_white_modules_by_pixels() -> None:
    symbol = Symbol.of(SHORT)
    image = Image.open(BytesIO(symbol.png())).convert("L")
    module = image.width / (len(symbol.modules) + 2 * QUIET)
    margin = int(QUIET * module)
    dark = image.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert dark is not None
    assert min(dark[0], dark[1], image.width - dark[2], image.height - dark[3]) >= margin


def test_a_symbol_with_wrong_modules_does_not_leave() -> None:
    right = Symbol.of(SHORT)
    turned = tuple(tuple(not module for module in row) for row in right.modules)
    other = Symbol.of("https://g.hac.az/q/00000")
    for wrong in (
        Symbol(SHORT, turned[:10] + right.modules[10:]),
        Symbol(SHORT, other.modules),
    ):
        with pytest.raises(UnreadableSymbolError):
            wrong.proved("svg")


def test_a_draft_says_so_below_the_quiet_zone_and_is_read_all_the_same() -> None:
    draft = Symbol.draft_of("http://127.0.0.1:8000/q/ab12n")
    assert "DRAFT http://127.0.0.1:8000/q/ab12n" in draft.proved("svg").decode()
    plain = Symbol.draft_of("http://127.0.0.1:8000/q/ab12n")
    image = Image.open(BytesIO(plain.png())).convert("L")
    below = image.crop((0, image.width, image.width, image.height))
    assert min(below.tobytes()) < 128, "the words DRAFT are not drawn"


def test_the_terminal_shows_a_symbol_that_can_be_read() -> None:
    drawn = in_terminal(SHORT).splitlines()
    pixels = {" ": (0, 0), "▄": (0, 255), "▀": (255, 0), "█": (255, 255)}
    image = Image.new("L", (len(drawn[0]), 2 * len(drawn)))
    for y, line in enumerate(drawn):
        for x, block in enumerate(line):
            image.putpixel((x, 2 * y), pixels[block][0])
            image.putpixel((x, 2 * y + 1), pixels[block][1])
    [read] = zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4), 0))
    assert read.text == SHORT


DELEGATION = "Zm9vYmFyLWJhel9xdXV4MQ"


def test_a_delegations_address_is_of_version_3_where_the_host_is_short_and_else_4() -> None:
    assert Symbol.of_delegation(f"https://g.hac.az/d/{DELEGATION}").version == 3
    assert (
        Symbol.of_delegation(f"https://guide.heydaraliyevcenter.az/d/{DELEGATION}").version == 4
    )


def test_a_delegations_symbol_is_read_back_before_it_leaves() -> None:
    assert Symbol.of_delegation(f"https://g.hac.az/d/{DELEGATION}").proved("png")


@pytest.mark.parametrize(
    "address",
    [
        SHORT,
        f"http://g.hac.az/d/{DELEGATION}",
        f"https://G.HAC.AZ/d/{DELEGATION}",
        f"https://g.hac.az/d/{DELEGATION}a",
        f"https://g.hac.az/d/{DELEGATION[1:]}",
        f"https://g.hac.az/d/{DELEGATION}?x=1",
        f"https://a.very.long.host.heydaraliyevcenter.az/d/{DELEGATION}",
    ],
)
def test_an_address_that_is_no_delegations_is_refused_and_not_told(address: str) -> None:
    with pytest.raises(UnfitAddressError) as refused:
        Symbol.of_delegation(address)
    assert DELEGATION[1:] not in str(refused.value)
