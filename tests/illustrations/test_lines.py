"""What every line drawing keeps to, and what cars, instruments and monuments promise."""

import re
from collections.abc import Iterator
from typing import get_args
from xml.etree import ElementTree as ET

import brotli
import pytest
from pydantic import BaseModel, ValidationError

from guide.illustrations.cars import Car
from guide.illustrations.instruments import Instrument
from guide.illustrations.lines import FILLS, MARGIN, around, box, knots, mirrored, ring, through
from guide.illustrations.monuments import Monument

LARGEST = 3 * 1024
"""Bytes of one drawing as brotli sends it, at the quality of an answer."""

WEIGHTS = {"line", "inner", "fine"}

SOURCED: list[Car | Instrument | Monument] = [
    Car(kind="car", form="gaz-13", length_mm=5600, height_mm=1620),
    Instrument(kind="instrument", form="tar", frets=22),
    Instrument(kind="instrument", form="kamancha", length_mm=700, wide_mm=195),
    Instrument(kind="instrument", form="saz", length_mm=1200, frets=16),
    Instrument(kind="instrument", form="balaban", length_mm=290, wide_mm=21),
    Instrument(kind="instrument", form="naghara", length_mm=355, wide_mm=305),
    Instrument(kind="instrument", form="gaval", length_mm=400, wide_mm=400, rings=65),
    Monument(kind="monument", form="center", height_m=74),
    Monument(kind="monument", form="flag-square", height_m=162),
    Monument(kind="monument", form="maiden-tower", height_m=29.5, width_m=16.5),
]


def plain() -> Iterator[Car | Instrument | Monument]:
    for form in forms(Car):
        yield Car.model_validate({"kind": "car", "form": form})
    for form in forms(Instrument):
        yield Instrument.model_validate({"kind": "instrument", "form": form})
    for form in forms(Monument):
        yield Monument.model_validate({"kind": "monument", "form": form})


def forms(kind: type[BaseModel]) -> tuple[str, ...]:
    return get_args(kind.model_fields["form"].annotation)


every_plan = pytest.mark.parametrize(
    "plan", [*plain(), *SOURCED], ids=lambda plan: f"{plan.form}-{len(plan.model_fields_set)}"
)


def ways(svg: str) -> list[tuple[str, str]]:
    paths = ET.fromstring(svg).iter("path")  # noqa: S314  our own drawing
    return [(path.attrib["class"], path.attrib["d"]) for path in paths]


def points(way: str) -> Iterator[complex]:
    """Every point, control point and extreme of an arc, on paper that counts upwards."""
    at = start = 0j
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", way):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", rest)]
        match command, numbers:
            case "M", [x, y]:
                at = start = complex(x, y)
            case "l", [x, y]:
                at += complex(x, y)
            case "h", [x]:
                at += x
            case "v", [y]:
                at += complex(0, y)
            case "c", [a, b, c, d, x, y]:
                yield from (at + complex(a, b), at + complex(c, d))
                at += complex(x, y)
            case "a", [_, high, _, _, _, x, y]:
                yield from (at + x / 2 + high * 1j, at + x / 2 - high * 1j)
                at += complex(x, y)
            case _:
                assert (command, numbers) == ("Z", [])
                at = start
        yield at


def ink(svg: str, marks: str = "") -> tuple[float, float, float, float]:
    """How far the drawing reaches in its frame: left, top, right, bottom."""
    found = re.search(r'scale\((\S+?) ?(-[\d.]+)\)"', svg)
    assert found
    across, up = map(float, found.groups())
    reached = [at for has, way in ways(svg) if has.startswith(marks) for at in points(way)]
    xs, ys = [at.real * across for at in reached], [at.imag * up for at in reached]
    return min(xs), min(ys), max(xs), max(ys)


def length(car: Car) -> float:
    """From bumper to bumper: nothing of a car but its bumpers and windows is void."""
    left, _, right, _ = ink(car.svg(), "void inner")
    return right - left


@every_plan
def test_a_drawing_is_sound_and_bare(plan: Car | Instrument | Monument) -> None:
    root = ET.fromstring(plan.svg())  # noqa: S314  our own drawing
    assert {part.tag for part in root.iter()} == {"svg", "g", "path"}
    assert root.attrib.keys() == {"viewBox", "role", "aria-hidden", "class"}
    assert root.attrib["class"] == f"drawing {plan.kind}"
    assert {name for path in root.iter("path") for name in path.attrib} == {"class", "d"}
    assert not re.search("#|style|script|url|NaN|inf|e[+-]", plan.svg())
    assert not "".join(root.itertext())


@every_plan
def test_a_drawing_has_three_weights_and_five_fills(plan: Car | Instrument | Monument) -> None:
    for marks, _ in ways(plan.svg()):
        words = set(marks.split())
        assert words <= WEIGHTS | FILLS
        assert len(words & WEIGHTS) <= 1
        assert len(words & FILLS) <= 1


@every_plan
def test_the_whole_object_stands_inside_its_margin(plan: Car | Instrument | Monument) -> None:
    svg = plan.svg()
    left, top, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())  # noqa: S314
    margin = max(width, height) * MARGIN / (1 + 2 * MARGIN)
    inner = (left + margin, top + margin, left + width - margin, top + height - margin)
    reach = ink(svg)
    beyond = margin / 8  # control points and finials may lie a little outside
    assert reach[0] >= inner[0] - beyond
    assert reach[1] >= inner[1] - beyond
    assert reach[2] <= inner[2] + beyond
    assert reach[3] <= inner[3] + beyond


@every_plan
def test_a_drawing_is_small_and_always_the_same(plan: Car | Instrument | Monument) -> None:
    svg = plan.svg()
    assert len(brotli.compress(svg.encode(), quality=4)) <= LARGEST
    assert plan.model_validate(plan.model_dump(mode="json")).svg() == svg


@pytest.mark.parametrize("kind", [Car, Instrument, Monument])
def test_no_two_forms_look_alike(kind: type[Car | Instrument | Monument]) -> None:
    name = kind.__name__.lower()
    drawn = {kind.model_validate({"kind": name, "form": f}).svg() for f in forms(kind)}
    assert len(drawn) == len(forms(kind))


def test_a_form_that_nobody_drew_is_refused() -> None:
    with pytest.raises(ValidationError):
        Car.model_validate({"kind": "car", "form": "hovercraft"})


# Cars.


def test_cars_are_as_long_as_they_are_to_one_another() -> None:
    fiat, ford, zis = (Car(kind="car", form=f) for f in ("fiat-508", "ford-a", "zis-110"))
    assert length(fiat) == pytest.approx(314, abs=3)
    assert length(ford) == pytest.approx(388, abs=3)
    assert length(zis) == pytest.approx(600, abs=3)


def test_a_car_is_as_long_and_as_high_as_its_source_says() -> None:
    plan = Car(kind="car", form="gaz-13", length_mm=5600, height_mm=1620)
    _, top, _, _ = ink(plan.svg(), "tint line")
    assert length(plan) == pytest.approx(560, abs=3)
    assert -top == pytest.approx(162, abs=1)


def test_a_source_stretches_the_form() -> None:
    plan = Car(kind="car", form="gaz-13", length_mm=5000)
    assert length(plan) == pytest.approx(500, abs=3)


def test_all_cars_share_one_width_of_paper() -> None:
    frames = [plan.svg().split('"')[1].split() for plan in plain() if isinstance(plan, Car)]
    assert len({(width, height) for _, _, width, height in frames}) == 1


# Instruments.


def test_an_instrument_is_as_long_as_its_source_says() -> None:
    plan = Instrument(kind="instrument", form="kamancha", length_mm=640, wide_mm=195)
    _, top, _, _ = ink(plan.svg())
    assert -top == pytest.approx(640, abs=1)


def test_frets_and_rings_are_counted() -> None:
    tar = Instrument(kind="instrument", form="tar").svg()
    with_frets = Instrument(kind="instrument", form="tar", frets=22).svg()
    assert with_frets.count("M") - tar.count("M") == 22

    gaval = Instrument(kind="instrument", form="gaval", rings=65).svg()
    (hung,) = (way for marks, way in ways(gaval) if marks == "accent inner")
    assert hung.count("M") == 65


def test_only_a_measured_instrument_has_a_bar() -> None:
    bare = Instrument(kind="instrument", form="saz").svg()
    measured = Instrument(kind="instrument", form="saz", length_mm=1200).svg()
    assert len(ways(measured)) == len(ways(bare)) + 1


# Monuments.


def test_a_monument_is_as_high_as_its_source_says() -> None:
    plan = Monument(kind="monument", form="maiden-tower", height_m=29.5, width_m=16.5)
    left, top, right, _ = ink(plan.svg(), "tint")
    assert -top == pytest.approx(295, abs=1)
    assert right - left == pytest.approx(165, abs=1)


def test_a_person_stays_a_person_beside_a_higher_tower() -> None:
    plan = Monument(kind="monument", form="maiden-tower", height_m=59)
    svg = plan.svg()
    person = [
        at.imag for marks, way in ways(svg) if marks == "deep inner" for at in points(way)
    ]
    assert "scale(2 -2)" in svg
    assert any(at == pytest.approx(8.5, abs=0.2) for at in person)


# Lines.


def test_a_curve_goes_through_its_points_and_turns_at_corners() -> None:
    way = through(knots("0,0 10,10 20,0/ 20,-5"))
    assert list(points(way))[-1] == 20 - 5j
    assert way.count("c") == 2
    assert way.count("l") == 1


def test_a_mirrored_way_is_the_same_on_both_sides() -> None:
    there = set(points(mirrored("0,10 4,8 5,4/ 3,0/")))
    assert {round(at.real, 1) for at in there} == {-round(at.real, 1) for at in there}


def test_a_ring_closes_smoothly_without_a_corner() -> None:
    assert around(knots("1,0 0,1 -1,0 0,-1")).count("c") == 4


def test_a_box_and_a_ring_reach_as_far_as_they_say() -> None:
    assert max(at.real for at in points(box(1, 2, 3, 4))) == 4
    assert max(at.imag for at in points(ring(0j, 5, 3))) == 3
