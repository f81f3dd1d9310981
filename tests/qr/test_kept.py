"""Symbols are drawn once and kept."""

from pathlib import Path

import pytest

from guide.qr.kept import KeptSymbols
from guide.qr.symbols import Symbol, UnfitAddressError

SHORT = "https://g.hac.az/q/ab12n"
LONG = "https://heydaraliyevcenter.az/q/ab12n"


def test_a_kept_symbol_is_the_one_that_was_drawn(tmp_path: Path) -> None:
    file = tmp_path / "symbols.json"
    first = KeptSymbols.read(file)
    drawn = [first.of(SHORT), first.of(LONG)]
    file.write_bytes(first.written())

    again = KeptSymbols.read(file)

    assert drawn == [Symbol.of(SHORT), Symbol.of(LONG)]
    assert [again.of(SHORT), again.of(LONG)] == drawn
    assert again.written() == first.written()


def test_what_is_kept_is_not_drawn_again() -> None:
    assert KeptSymbols({SHORT: "2 1"}).of(SHORT).modules == ((True, False), (False, True))


@pytest.mark.parametrize("broken", ["", "{", "\x00"])
def test_a_broken_file_holds_nothing(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "symbols.json"
    file.write_text(broken)
    assert KeptSymbols.read(file).of(SHORT) == Symbol.of(SHORT)


def test_an_address_that_is_not_final_is_refused_and_not_kept() -> None:
    kept = KeptSymbols()
    with pytest.raises(UnfitAddressError):
        kept.of("http://127.0.0.1:8000/q/ab12n")
    assert kept.written() == b"{}"
