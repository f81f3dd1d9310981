"""What of somebody's drawing may stand in a page."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.exhibits.floor_plan import PlanError, clean, floors_of, of_floor, view_box
from tests.hall_files import PLAN

START = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n'


def drawing(inner: str) -> str:
    return f"{START}{inner}\n</svg>"


def test_a_clean_drawing_stays_as_it_is() -> None:
    assert clean(PLAN) == PLAN
    assert view_box(PLAN) == (0, 0, 240, 120)


def test_what_is_of_one_floor_is_shown_with_it_alone() -> None:
    assert floors_of(PLAN) == {0, 1}
    assert "circle" not in of_floor(PLAN, 0)
    assert "circle" in of_floor(PLAN, 1)
    assert "M5 5h225" in of_floor(PLAN, 1)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("<script>alert(1)</script>", 2),
        ("<g>\n<foreignObject/></g>", 3),
        ('<image href="https://example.org/x.png"/>', 2),
        ('<use xlink:href="#x" xmlns:xlink="http://www.w3.org/1999/xlink"/>', 2),
        ('<path d="M0 0" onclick="alert(1)"/>', 2),
        ('<path d="M0 0" xlink:href="#" xmlns:xlink="http://www.w3.org/1999/xlink"/>', 2),
        ('<metadata><script xmlns="http://www.w3.org/1999/xhtml"/></metadata>', 2),
        ("<style>@import url(x)</style>", 2),
        ("<text>Hall</text>", 2),
        ('<animate attributeName="x"/>', 2),
        ("<g>" * 40 + "</g>" * 40, 2),
        ("<g>", 3),
    ],
)
def test_what_acts_fetches_or_cannot_be_translated_is_refused(wrong: str, line: int) -> None:
    with pytest.raises(PlanError) as refused:
        clean(drawing(wrong))
    assert refused.value.line == line


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "plan",
        "<html/>",
        '<svg viewBox="0 0 9 9"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>',
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{drawing("")}',
    ],
)
def test_what_is_no_drawing_is_refused(whole: str) -> None:
    with pytest.raises(PlanError):
        clean(whole)


def test_what_a_drawing_program_adds_is_left_out() -> None:
    drawn = drawing(
        '<metadata xmlns:i="http://example.org/i"><i:grid/></metadata>'
        '<path id="path1" style="fill:#ff0000;stroke:#000;stroke-width:2" d="M0 0 L 9,9"'
        ' class="x" data-x="1"/><title>Plan</title>'
    )
    assert clean(drawn) == (
        f'{START}  <path stroke-width="2" d="M0 0 L 9,9" stroke="currentColor" fill="none"/>\n'
        "</svg>\n"
    )


@given(st.text(alphabet="<>&\"'/=svgpath d0:;#\n", max_size=80))
def test_whatever_is_inside_ends_as_a_clean_drawing_or_a_line(inner: str) -> None:
    with suppress(PlanError):
        once = clean(drawing(inner))
        assert clean(once) == once
