"""What somebody looks for in the list of visits, as an address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from guide.languages.folding import fold
from guide.tours.days import day_in

LONGEST_QUERY = 200
MOST_WORDS = 8
"""Words that are looked for; what follows them is not."""

FIELDS = ("state", "level", "category", "country", "language", "exhibition")
"""What a list can be narrowed by: of each, a visit has one value, several or none."""
MOST_PAGES = 2_000


class When(StrEnum):
    """Which visits: those to come, those that were, all, or those between two days."""

    COMING = "coming"
    PAST = "past"
    ALL = "all"
    DATES = "dates"


class Words(BaseModel):
    """What an address may ask of the list, as it was typed."""

    q: str = ""
    when: str = ""
    past: str = ""
    first: str = Field(default="", alias="from")
    last: str = Field(default="", alias="to")
    state: str = ""
    level: str = ""
    category: str = ""
    country: str = ""
    language: str = ""
    exhibition: str = ""
    page: str = ""


@dataclass(frozen=True)
class Wish:
    """What is looked for; `only` is what the list is narrowed to, by its field.

    A first or last day decides which visits are meant. `is_wrong` when the address named a
    day that is none, or a last day before the first: those are then left out, and `told` as
    they were.
    """

    query: str = ""
    when: When = When.COMING
    first: date | None = None
    last: date | None = None
    only: Mapping[str, str] | None = None
    is_wrong: bool = False
    told: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, asked: Words) -> Self:
        """Read an address."""
        first, last = day_in(asked.first), day_in(asked.last)
        told = (first.isoformat() if first else "", last.isoformat() if last else "")
        is_wrong = bool(asked.first and not first) or bool(asked.last and not last)
        if first and last and last < first:
            first, last, is_wrong = None, None, True
        when = When(asked.when) if asked.when in set(When) else When.COMING
        if asked.past and not asked.when:
            when = When.PAST
        if first or last:
            when = When.DATES
        elif when is When.DATES:
            when = When.ALL
        only = {name: getattr(asked, name) for name in FIELDS if getattr(asked, name)}
        query = " ".join(asked.q[:LONGEST_QUERY].split())
        return cls(query, when, first, last, only, is_wrong, told)

    @property
    def folded(self) -> tuple[str, ...]:
        """The words that are looked for, in the form in which they are compared."""
        return tuple(fold(self.query).split()[:MOST_WORDS])

    @property
    def narrowed(self) -> Mapping[str, str]:
        """What the list is narrowed to, by its field."""
        return self.only or {}

    @property
    def is_narrow(self) -> bool:
        """Say whether anything but the time is asked for."""
        return bool(self.narrowed or self.query)

    @property
    def address(self) -> dict[str, str]:
        """The words of its address; what is usual is not said."""
        said = {
            "q": self.query,
            "when": "" if self.when in {When.COMING, When.DATES} else self.when.value,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            **self.narrowed,
        }
        return {name: word for name, word in said.items() if word}

    def without(self, name: str) -> Self:
        """Return the wish without one of its words: a field, "q" or "dates"."""
        if name == "q":
            return replace(self, query="")
        if name == "dates":
            return replace(self, when=When.ALL, first=None, last=None)
        return replace(
            self, only={one: said for one, said in self.narrowed.items() if one != name}
        )

    def narrowed_to(self, name: str, value: str) -> Self:
        """Return the wish narrowed to one value of a field besides."""
        return replace(self, only={**self.narrowed, name: value})

    def among_all(self) -> Self:
        """Return the wish for visits of any time."""
        return self.without("dates")


def page_number(typed: str) -> int:
    """Read the number of a page of the list; what is none is the first."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_PAGES))
    return min(max(int(typed), 1), MOST_PAGES) if is_number else 1
