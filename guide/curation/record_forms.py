"""The record of an exhibit as a form: what is the same in every language, and its facts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from guide.exhibits.sheets import CenterSheet, ExhibitionSheet, ExhibitSheet
from guide.languages.folding import fold
from guide.web.forms import Line

MOST_ROWS = 40
"""Facts, or relations, of one exhibit."""

ROW = re.compile(r"(fact|related)-(\d{1,2})-[\w-]+")
PLAIN = ("exhibition", "category", "presence", "names_note")
COUNTED = ("position", "minutes")
OF_A_ROOM = ("position", "accent", "names_note")
MOVES = {"up": -1, "down": 1}

Values = Mapping[str, str]
Record = TypeVar("Record", ExhibitSheet, ExhibitionSheet, CenterSheet)


class NewExhibitForm(BaseModel):
    """What an exhibit is called, and where it is."""

    name: Line
    exhibition: str
    category: Line


def values_of(sheet: ExhibitSheet) -> dict[str, str]:
    """Return the values of the form for the record of an exhibit."""
    told = sheet.model_dump(mode="json")
    values = {name: str(getattr(sheet, name)) for name in (*PLAIN, *COUNTED)}
    values |= {"hall": sheet.hall or ""}
    values |= {f"presence_note-{tag}": words for tag, words in sheet.presence_note.items()}
    values |= _fact_values(told["facts"])
    for number, related in enumerate(told["related"]):
        values |= {f"related-{number}-{part}": words for part, words in related.items()}
    return values


def values_of_room(sheet: ExhibitionSheet) -> dict[str, str]:
    """Return the values of the form for the record of an exhibition."""
    values = {name: str(getattr(sheet, name)) for name in OF_A_ROOM}
    values |= {"hall": sheet.hall or ""}
    return values | _fact_values(sheet.model_dump(mode="json")["facts"])


def values_of_house(sheet: CenterSheet) -> dict[str, str]:
    """Return the values of the form for the record of the Center."""
    values = {f"address-{tag}": words for tag, words in sheet.address.items()}
    return values | _fact_values(sheet.model_dump(mode="json")["facts"])


def rows_in(values: Values, kind: str) -> list[int]:
    """List the numbers of the rows of a kind that a form has, in their order."""
    found = {
        int(said[2]) for name in values if (said := ROW.fullmatch(name)) and said[1] == kind
    }
    return sorted(found)[:MOST_ROWS]


def sheet_in(
    values: Values, before: ExhibitSheet, tags: Iterable[str]
) -> tuple[ExhibitSheet | None, dict[str, str]]:
    """Read a form over a record; return the sheet, or none and the faults by field."""
    languages = list(tags)
    facts = _facts(values, languages)
    related = [one for n in rows_in(values, "related") if (one := _related(values, n))]
    said: dict[str, Any] = {name: values.get(name, "").strip() for name in PLAIN}
    said |= {name: _number(values.get(name, "")) for name in COUNTED}
    said |= {
        "hall": _hall(values, before),
        "facts": [fact for _, fact in facts],
        "related": [one for _, one in related],
        "presence_note": _words(values, "presence_note", languages),
    }
    kept = ("names", "off_display", "withdrawn", "removed", "illustration")
    said |= {name: getattr(before, name) for name in kept}
    places = {"facts": [n for n, _ in facts], "related": [n for n, _ in related]}
    return _taken(ExhibitSheet, said, places)


def room_sheet_in(
    values: Values, before: ExhibitionSheet, tags: Iterable[str]
) -> tuple[ExhibitionSheet | None, dict[str, str]]:
    """Read a form over the record of an exhibition, as `sheet_in` does."""
    facts = _facts(values, list(tags))
    said: dict[str, Any] = {
        "accent": values.get("accent", ""),
        "hall": _hall(values, before),
        "position": _number(values.get("position", "")),
        "names_note": values.get("names_note", "").strip(),
        "names": before.names,
        "closed": before.closed,
        "removed": before.removed,
        "facts": [fact for _, fact in facts],
    }
    return _taken(ExhibitionSheet, said, {"facts": [n for n, _ in facts]})


def house_sheet_in(
    values: Values, before: CenterSheet, tags: Iterable[str]
) -> tuple[CenterSheet | None, dict[str, str]]:
    """Read a form over the record of the Center, as `sheet_in` does."""
    languages = list(tags)
    facts = _facts(values, languages)
    said: dict[str, Any] = {
        "names": before.names,
        "address": _words(values, "address", languages),
        "facts": [fact for _, fact in facts],
    }
    return _taken(CenterSheet, said, {"facts": [n for n, _ in facts]})


def _hall(values: Values, before: ExhibitSheet | ExhibitionSheet) -> str | None:
    """Return the hall that was chosen; a form that does not ask for one changes none."""
    return values.get("hall", before.hall or "") or None


def moved(values: Values, move: str) -> dict[str, str]:
    """Change the places of two facts: `move` is "up-2" or "down-0"."""
    way, _, typed = move.partition("-")
    rows = rows_in(values, "fact")
    named = [str(row) for row in rows]
    if way not in MOVES or typed not in named:
        return dict(values)
    place = named.index(typed)
    other = place + MOVES[way]
    if not 0 <= other < len(rows):
        return dict(values)
    swap = {rows[place]: rows[other], rows[other]: rows[place]}
    return {_renumbered(name, swap): words for name, words in values.items()}


def slug_of_name(name: str) -> str:
    """Suggest what addresses call something: `Tar (ud)` → `tar-ud`; maybe nothing."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:60].strip("-")


def _renumbered(name: str, swap: Mapping[int, int]) -> str:
    said = ROW.fullmatch(name)
    if said is None or said[1] != "fact" or int(said[2]) not in swap:
        return name
    return name.replace(f"fact-{said[2]}-", f"fact-{swap[int(said[2])]}-", 1)


def _taken(
    kind: type[Record], said: Mapping[str, Any], places: Mapping[str, list[int]]
) -> tuple[Record | None, dict[str, str]]:
    try:
        return kind.model_validate(said), {}
    except ValidationError as bad:
        return None, {_field(one["loc"], places): one["type"] for one in bad.errors()}


def _fact_values(facts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, fact in enumerate(facts):
        values |= {f"fact-{number}-source": fact["source"]}
        values |= {f"fact-{number}-confidence": fact["confidence"]}
        for part in ("label", "value"):
            values |= {f"fact-{number}-{part}-{tag}": w for tag, w in fact[part].items()}
    return values


def _facts(values: Values, tags: list[str]) -> list[tuple[int, dict[str, Any]]]:
    return [one for n in rows_in(values, "fact") if (one := _fact(values, n, tags))]


def _fact(values: Values, row: int, tags: list[str]) -> tuple[int, dict[str, Any]] | None:
    label = _words(values, f"fact-{row}-label", tags)
    value = _words(values, f"fact-{row}-value", tags)
    source = values.get(f"fact-{row}-source", "").strip()
    if values.get(f"fact-{row}-remove") or not (label or value or source):
        return None
    confidence = values.get(f"fact-{row}-confidence", "")
    return row, {"label": label, "value": value, "source": source, "confidence": confidence}


def _related(values: Values, row: int) -> tuple[int, dict[str, str]] | None:
    exhibit = values.get(f"related-{row}-exhibit", "")
    if not exhibit:
        return None
    return row, {"exhibit": exhibit, "reason": values.get(f"related-{row}-reason", "")}


def _words(values: Values, name: str, tags: Iterable[str]) -> dict[str, str]:
    said = {tag: values.get(f"{name}-{tag}", "").strip() for tag in tags}
    return {tag: words for tag, words in said.items() if words}


def _number(typed: str) -> int | str:
    return int(typed) if re.fullmatch(r"\d{1,6}", typed.strip(), re.ASCII) else typed


def _field(place: tuple[int | str, ...], places: Mapping[str, list[int]]) -> str:
    """Name the field of the form that a fault of the sheet is in."""
    name = str(place[0])
    if name in places and len(place) > 1 and isinstance(place[1], int):
        row = places[name][place[1]]
        return "-".join([name.removesuffix("s"), str(row), *(str(one) for one in place[2:])])
    return "-".join(str(one) for one in place)
