"""The order of the stops: one up, one down, to a place, or by numbers that somebody typed.

Every way of moving a stop, by buttons, by keyboard, by drag or by numbers, ends here.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

One = TypeVar("One", bound=Hashable)


class NumbersTwiceError(ValueError):
    """Two stops were given the same number; `numbers` are those."""

    def __init__(self, numbers: frozenset[int]) -> None:
        super().__init__(sorted(numbers))
        self.numbers = numbers


class NoSuchPlaceError(ValueError):
    """A stop was to go before the first place or behind the last."""


def moved(order: Sequence[One], one: One, place: int) -> list[One]:
    """Move one to a place, the first being 1; the others keep their order."""
    if not 1 <= place <= len(order):
        raise NoSuchPlaceError(place)
    others = [other for other in order if other != one]
    return [*others[: place - 1], one, *others[place - 1 :]]


def stepped(order: Sequence[One], one: One, steps: int) -> list[One]:
    """Move one by some places, down or up; at either end it stays."""
    place = order.index(one) + 1 + steps
    return moved(order, one, min(max(place, 1), len(order)))


def by_numbers(order: Sequence[One], numbers: Mapping[One, int]) -> list[One]:
    """Put all in the order of their numbers, which may have gaps.

    What has none keeps its own place as its number. Raises NumbersTwiceError.
    """
    typed = {one: numbers.get(one, place) for place, one in enumerate(order, 1)}
    counted = Counter(typed.values())
    if twice := frozenset(number for number, count in counted.items() if count > 1):
        raise NumbersTwiceError(twice)
    return sorted(order, key=typed.__getitem__)
