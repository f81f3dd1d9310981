"""Every column of tours that holds letters: forgotten, or kept and why."""

from collections.abc import Mapping

from sqlalchemy import JSON, Column, String, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

import guide.app  # noqa: F401 (all tables)
from guide.db import Base
from guide.tours.model import BRIEF

ROWS_GO = frozenset(
    {"tour_persons", "walk_notes", "guest_book_pages", "tour_reports"}
    | {"tour_earlier_routes", "tour_holds"}
)
"""Tables of which every row of a tour goes."""

EMPTIED = frozenset(
    {f"tour_briefs.{name}" for name in BRIEF}
    | {"tour_stops.names", "tour_stops.note", "tour_overrides.reason"}
    | {"tour_interpreters.whisper_sets", "tours.parties"}
    | {f"tour_gifts.description_{tag}" for tag in ("az", "en")}
    | {f"tour_gifts.{name}" for name in ("giver", "recipient", "moment", "value", "picture")}
)
"""Columns that are emptied; parties of a private visit alone."""

FIXED = "a word of the guide's own, of a few"
TONGUE = "the tag of a language"
CHANCE = "made by chance"
SAID = "said by a source that anybody can read"

KEPT: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("tours.state", "tours.category", "tours.photo_policy", "tour_staff.duty"),
            *("tour_stops.priority", "tour_interpreters.mode", "walk_events.kind"),
            *("walk_events.tag", "tour_gifts.direction"),
        ),
        FIXED,
    ),
    **dict.fromkeys(
        ("tours.languages", "tour_interpreters.from_language", "tour_interpreters.to_language"),
        TONGUE,
    ),
    **dict.fromkeys(
        (
            *("tour_links.salt", "tour_links.token_hash"),
            *("walk_events.key", "tour_stops.added_by", "tour_gifts.key"),
        ),
        CHANCE,
    ),
    **{
        f"published_tours.{name}": SAID
        for name in (
            *("source", "confidence", "language", "date_told", "head", "title", "also"),
            *("organisation", "country", "host", "displays", "gift", "note", "key"),
        )
    },
    "tour_gifts.register_number": "a number in the museum's register",
    "tour_gifts.custody": "where in the house a gift is kept",
    "tours.reference": "a year and a number",
    "tours.date": "a day",
    "tours.last_date": "a day",
    "tour_overrides.key": "the numbers of what clashed",
    "walk_events.digest": "keyed with the guide's secret: it says nothing to whoever lacks it",
}


def columns_with_letters() -> dict[str, Column[object]]:
    """Return the columns of tours, and of all that belongs to one, that can hold letters."""
    return {
        f"{table.name}.{column.name}": column
        for table in tables_of_tours()
        for column in table.columns
        if isinstance(_plain(column.type), String | JSON)
    }


def tables_of_tours() -> list[Table]:
    """Return the tables whose rows belong to a tour, however far away."""
    tables = Base.metadata.tables.values()
    found = {"tours"}
    while True:
        more = {
            table.name
            for table in tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return [table for table in tables if table.name in found]
        found |= more


def is_forgotten(name: str) -> bool:
    """Say whether a column is emptied, or goes with its row."""
    return name in EMPTIED or name.partition(".")[0] in ROWS_GO


def is_free(column: Column[object]) -> bool:
    """Say whether people write into a column."""
    return isinstance(_plain(column.type), Text | JSON) or column.name == "whisper_sets"


def _plain(type_: TypeEngine[object]) -> object:
    return type_.impl if isinstance(type_, TypeDecorator) else type_
