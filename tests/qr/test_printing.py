"""A run of many labels: in parts, each proved elsewhere, joined when all are."""

from dataclasses import replace
from itertools import product

import pytest
import zxingcpp

from guide.exhibits.words import Passage
from guide.qr.apart import made_apart
from guide.qr.code import ALPHABET
from guide.qr.forme import Forme, TitleTooLongError
from guide.qr.printing import MOST_PAGES, print_run
from guide.qr.proof import UnprovedSheetError, joined_proof
from guide.qr.run import Face
from guide.qr.typesetting import forme_of
from tests.qr.test_labels import NOVEMBER, label, pages_of, run_of, words_of

TOO_LONG = (Passage("Philharmonic " * 40, "en"),)


def many(count: int) -> list[Face]:
    names = ("".join(one) for one in product("ab", ALPHABET, ALPHABET, "1", "n"))
    return [label(name) for name, _ in zip(names, range(count), strict=False)]


def test_a_run_is_cut_where_its_pages_are_full() -> None:
    run = replace(run_of(*many(45), start=4), has_calibration=True)
    parts = list(run.parts(2))
    assert [len(part.faces) for part in parts] == [7, 20, 18]
    assert [part.pages for part in parts] == [2, 2, 2]
    assert [part.start for part in parts] == [4, 1, 1]
    assert [face for part in parts for face in part.faces] == list(run.faces)
    assert [one for part in parts for one in part.spots] == run.spots
    assert run.pages == len(run.spots)


@pytest.mark.parametrize("count", [1, 19, 20, 21, 40])
def test_no_part_is_empty(count: int) -> None:
    assert all(part.faces for part in run_of(*many(count)).parts(2))


def test_parts_are_joined_in_their_order_with_every_code_once() -> None:
    run = run_of(*many(25), start=8)
    turned: list[None] = []
    made = print_run(run, lambda: turned.append(None), most_pages=2)
    assert len(turned) == run.pages == 4
    assert made.proof.codes == [face.code for face in run.faces]
    read = [
        sorted(one.text for one in zxingcpp.read_barcodes(page))
        for page in pages_of(made.pdf, 300)
    ]
    assert read == [sorted(spot.payload for spot in page) for page in run.spots]
    assert words_of(made.pdf).count("Kamancha") == 25


def test_a_run_in_parts_is_the_same_bytes_each_time() -> None:
    run = run_of(*many(11))
    assert print_run(run, most_pages=1) == print_run(run, most_pages=1)


def test_a_run_of_more_pages_than_a_part_holds_is_printed_in_parts() -> None:
    run = run_of(*many(MOST_PAGES * 2 + 1), stock="A5")
    made = print_run(run)
    assert len(made.proof.pages) == MOST_PAGES + 1
    assert b"/StructTreeRoot" not in made.pdf, "joined files have no tags"
    assert b"/StructTreeRoot" in print_run(run_of(*many(2), stock="A5")).pdf


def test_one_label_that_cannot_be_set_stops_the_whole_run() -> None:
    run = run_of(*many(10), label("ab12n", titles=TOO_LONG))
    with pytest.raises(TitleTooLongError, match="AB12-N"):
        print_run(run, most_pages=1)


def test_one_symbol_that_is_not_read_back_stops_a_part_elsewhere() -> None:
    one, other = (forme_of(run_of(label(name))) for name in ("ab12n", "ab34n"))
    with pytest.raises(UnprovedSheetError, match="read back"):
        made_apart(replace(one, spots=other.spots), lambda: None)


def test_a_process_that_ends_too_early_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnprovedSheetError, match="ended before they were proved"):
        made_apart(Forme("not JSON", "L7173", NOVEMBER, []), lambda: None)
    assert "TypstError" in capfd.readouterr().err, "what went wrong there is said here"


def test_a_joined_file_that_draws_something_else_is_not_released() -> None:
    one, other = (print_run(run_of(label(name))) for name in ("ab12n", "ab34n"))
    assert joined_proof(one.pdf, [one.proof]) == one.proof
    for proofs in ([other.proof], [one.proof, other.proof], []):
        with pytest.raises(UnprovedSheetError, match="something else than its parts"):
            joined_proof(one.pdf, proofs)
