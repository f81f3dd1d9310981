"""Setting the papers of a tour: what the sheet of each is told."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import singledispatch
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Protocol, TypeVar

from guide import fonts
from guide.apart import EndedEarlyError, done_apart
from guide.exhibits.words import Passage
from guide.printed import NO_PICTURES, named
from guide.qr.proof import Spot, UnprovedSheetError
from guide.qr.run import direction
from guide.tours.forme import Forme, NoRoomError
from guide.tours.paper_symbols import card_spot, programme_spot, told_of
from guide.tours.paper_words import Said, Tongue, lines_of, spoken
from guide.tours.papers import (
    Brief,
    Guest,
    Handling,
    Interpreting,
    NameList,
    Pair,
    Programme,
    Stop,
    WelcomeCard,
)

Told = TypeVar("Told")

SHEETS = Path(__file__).parent

AIRS = (1, 0.75)
"""How wide the white between things is, of what looks best; less is tried to save a page."""


AT_ONCE = 2
"""Processes that set papers; each takes some 200 MB for less than a second."""

_TURN = BoundedSemaphore(AT_ONCE)


class UndrawableError(Exception):
    """A paper has characters that no font of the guide can draw; the message names them."""

    def __init__(self, text: str, characters: Iterable[str]) -> None:
        super().__init__(f"«{text}»: no font draws {named(characters)}")
        self.text = text
        self.characters = named(characters)


class Printable(Protocol):
    """A paper, of this module or of another that registers how it is set."""

    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def handling(self) -> Handling: ...


def typeset(paper: Printable, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """Set a paper as PDF, in a process of its own; equal papers give equal bytes.

    `pictures` are JPEG files by the names that the paper has for them; one that is not
    there is left out.

    Raises UndrawableError for characters that no font has, NoRoomError for what does not
    fit, UnprovedSheetError for a page that is not as it was meant.
    """
    forme = forme_of(paper, pictures)
    try:
        with _TURN:
            return done_apart(forme.made, (NoRoomError, UnprovedSheetError))
    except EndedEarlyError:
        raise UnprovedSheetError("the process that sets papers has ended too early") from None


def forme_of(paper: Printable, pictures: Mapping[str, bytes] = NO_PICTURES) -> Forme:
    """Put together all that a PDF of a paper is made from; raise UndrawableError."""
    sheet, told, spot = setting_of(paper)
    told = {**_shared(paper), **told}
    _check_glyphs(told)
    return Forme(
        SHEETS / sheet,
        [json.dumps({**told, "air": air}, ensure_ascii=False) for air in AIRS],
        paper.handling.printed,
        paper.handling.is_watermarked,
        spot,
        pictures,
    )


@singledispatch
def setting_of(paper: Printable) -> tuple[str, dict[str, Any], Spot | None]:
    """Name the sheet of a paper, say what it is told, and where its symbol stands."""
    raise NotImplementedError(type(paper).__name__)


@setting_of.register
def _(paper: Programme) -> tuple[str, dict[str, Any], Spot | None]:
    lanes = _Lanes.of(paper.languages)
    spot = (
        programme_spot(paper.symbol, is_mirrored=lanes.are_mirrored) if paper.symbol else None
    )
    told = {
        "title": _title([tongue.gettext("Visit programme") for tongue in lanes.tongues]),
        "titles": [tongue.gettext("Visit programme") for tongue in lanes.tongues],
        "days": [tongue.day(paper.day) for tongue in lanes.tongues],
        "places": [tongue.gettext("Heydar Aliyev Center, Baku") for tongue in lanes.tongues],
        "delegation": [tongue.gettext("Delegation") for tongue in lanes.tongues],
        "parties": [lanes.pair(party) for party in paper.parties],
        "led-by": [tongue.gettext("Head of the delegation") for tongue in lanes.tongues],
        "head": [
            [spoken(one) for one in (head.name, head.position) if one]
            for head in lanes.ordered(paper.head)
        ],
        "entries": [
            {
                "at": _clock(entry.at),
                "heading": lanes.pair(entry.heading),
                "lines": [lanes.pair(line) for line in entry.lines],
            }
            for entry in paper.entries
        ],
        "ends": _clock(paper.ends) if paper.ends else None,
        "the-end": [tongue.gettext("End of the visit") for tongue in lanes.tongues],
        "scan": [
            tongue.gettext("Scan with your phone to read about the exhibits in your language.")
            for tongue in lanes.tongues
        ],
        "symbol": told_of(paper.symbol, spot),
    }
    return "programme.typ", told, spot


@setting_of.register
def _(paper: WelcomeCard) -> tuple[str, dict[str, Any], Spot | None]:
    lanes = _Lanes.of(paper.languages)
    first = [Tongue(tag) for tag in paper.languages]
    spot = card_spot(paper.symbol)
    told = {
        "title": _title(
            [tongue.gettext("Welcome to the Heydar Aliyev Center") for tongue in first]
        ),
        "greetings": [
            tongue.gettext("Welcome to the Heydar Aliyev Center") for tongue in first
        ],
        "parties": [lanes.pair(party) for party in paper.parties],
        "days": [tongue.short_day(paper.day) for tongue in lanes.tongues],
        "scan": [tongue.gettext("Scan with your phone") for tongue in lanes.tongues],
        "read": [tongue.gettext("Read about what you see.") for tongue in lanes.tongues],
        "nothing": [
            tongue.gettext("Nothing to install or fill in.") for tongue in lanes.tongues
        ],
        "place": first[0].gettext("Heydar Aliyev Center, Baku"),
        "host": paper.host,
        "symbol": told_of(paper.symbol, spot),
    }
    return "card.typ", told, spot


@setting_of.register
def _(paper: NameList) -> tuple[str, dict[str, Any], Spot | None]:
    lanes = _Lanes.of(paper.languages)
    told = {
        "title": _title([tongue.gettext("List of names") for tongue in lanes.tongues]),
        "titles": [tongue.gettext("List of names") for tongue in lanes.tongues],
        "days": [tongue.day(paper.day) for tongue in lanes.tongues],
        "parties": [lanes.pair(party) for party in paper.parties],
        "columns": {
            "number": [tongue.gettext("No.") for tongue in lanes.tongues],
            "name": [tongue.gettext("Official name") for tongue in lanes.tongues],
            "spellings": [tongue.gettext("In other letters") for tongue in lanes.tongues],
            "position": [tongue.gettext("Position") for tongue in lanes.tongues],
            "party": [tongue.gettext("Role and delegation") for tongue in lanes.tongues],
        },
        "guests": [_listed(guest, lanes.tongues) for guest in paper.guests],
        "nobody": [tongue.gettext("Nothing was told.") for tongue in lanes.tongues],
    }
    return "names.typ", told, None


@setting_of.register
def _(paper: Brief) -> tuple[str, dict[str, Any], Spot | None]:
    tongue = Tongue(paper.language)
    hours = hours_of(paper.begins, paper.ends)
    told = {
        "title": tongue.gettext("Brief for the guide")["text"],
        "heading": tongue.gettext("Brief for the guide"),
        "reference": paper.reference,
        "parties": [spoken(party) for party in paper.parties],
        "untold": tongue.gettext("Nothing was told."),
        "facts": [
            [tongue.gettext("Day"), tongue.day(paper.day) if paper.day else None],
            [tongue.gettext("Time"), tongue.said(hours) if hours else None],
            [tongue.gettext("Door"), _maybe(paper.door)],
            [
                tongue.gettext("People expected"),
                tongue.said(str(paper.people)) if paper.people is not None else None,
            ],
        ],
        "guests-heading": tongue.gettext("Who comes"),
        "guests": [_introduced(guest, tongue) for guest in paper.guests],
        "hosts-heading": tongue.gettext("Hosts"),
        "hosts": [_introduced(host, tongue) for host in paper.hosts],
        "languages-heading": tongue.gettext("Languages"),
        "languages-told": tongue.languages(paper.guests_languages)
        if paper.guests_languages
        else None,
        "interpreters-heading": tongue.gettext("Interpreters"),
        "interpreters": [_interpreting(one, tongue) for one in paper.interpreters],
        "stops-heading": tongue.gettext("Stops"),
        "stops-columns": [
            tongue.gettext("Time"),
            tongue.gettext("Minutes"),
            tongue.gettext("What is shown"),
        ],
        "stops": [_shown(stop, tongue) for stop in paper.stops],
        "sections": [
            [tongue.gettext("What to talk about"), lines_of(paper.talking_points)],
            [tongue.gettext("Links with the guests’ country"), lines_of(paper.country_links)],
            [tongue.gettext("What to avoid"), lines_of(paper.to_avoid)],
            [tongue.gettext("Access"), lines_of(paper.access)],
            [tongue.gettext("Food and drink"), lines_of(paper.dietary)],
            [tongue.gettext("Quiet and prayer"), lines_of(paper.quiet)],
            [tongue.gettext("Dress"), lines_of(paper.dress)],
            [tongue.gettext("Gifts"), lines_of(paper.gifts)],
            [tongue.gettext("If the weather is bad"), lines_of(paper.weather)],
            [tongue.gettext("Photographs"), _photographs(paper, tongue)],
            [tongue.gettext("Notes"), lines_of(paper.notes)],
        ],
        "contacts-heading": tongue.gettext("Contacts"),
        "contacts": [
            {"of": tongue.contact(one.of), "lines": lines_of(one.line)}
            for one in paper.contacts
        ],
    }
    return "brief.typ", told, None


@dataclass(frozen=True)
class _Lanes:
    """The languages of a paper as its columns stand; what is written from the right, right."""

    tongues: Sequence[Tongue]
    places: Sequence[int]

    @classmethod
    def of(cls, languages: Sequence[str]) -> "_Lanes":
        places = sorted(range(len(languages)), key=lambda n: direction(languages[n]) == "rtl")
        return cls([Tongue(languages[n]) for n in places], places)

    @property
    def are_mirrored(self) -> bool:
        """Say whether all is written from the right."""
        return all(direction(tongue.tag) == "rtl" for tongue in self.tongues)

    def ordered(self, some: Sequence[Told]) -> list[Told]:
        return [some[n] for n in self.places] if some else []

    def pair(self, pair: Pair) -> list[Said]:
        return [spoken(passage) for passage in self.ordered(pair)]


def _shared(paper: Printable) -> dict[str, Any]:
    """Say what every sheet is told."""
    handling, tongues = paper.handling, [Tongue(tag) for tag in paper.languages]
    first = tongues[0]
    return {
        "fonts": fonts.FAMILIES,
        "lang": first.said("")["lang"],
        "dir": first.said("")["dir"] if len(tongues) == 1 else "ltr",
        "levels": [tongue.level(handling.level) for tongue in tongues],
        "printed": first.gettext(
            "Printed for %(reader)s, %(day)s",
            reader=handling.reader,
            day=first.short_day(handling.printed)["text"],
        ),
        "watermark": _watermark(handling, first) if handling.is_watermarked else None,
    }


def _watermark(handling: Handling, tongue: Tongue) -> Said:
    return tongue.said(f"{handling.reader} · {tongue.level(handling.level)['text']}")


def _listed(guest: Guest, tongues: Sequence[Tongue]) -> dict[str, Any]:
    return {
        "name": spoken(guest.name),
        "spellings": [spoken(one) for one in guest.spellings],
        "positions": [spoken(one) for one in guest.positions],
        "party": _maybe(guest.party),
        "roles": [tongue.role(guest.role) for tongue in tongues],
    }


def _introduced(guest: Guest, tongue: Tongue) -> dict[str, Any]:
    details = [
        (tongue.gettext("Address as"), guest.address),
        (tongue.gettext("Pronounced"), guest.pronunciation),
    ]
    return {
        "name": spoken(guest.name),
        "spellings": [
            {"of": tongue.said(tongue.language(one.language)), "name": spoken(one)}
            for one in guest.spellings
        ],
        "role": tongue.role(guest.role),
        "positions": [spoken(one) for one in guest.positions],
        "party": _maybe(guest.party),
        "details": [[of, spoken(one)] for of, one in details if one],
        "not-photographed": tongue.gettext("Do not photograph")
        if guest.is_not_photographed
        else None,
    }


def _interpreting(one: Interpreting, tongue: Tongue) -> dict[str, Any]:
    ways = f"{tongue.language(one.from_language)} – {tongue.language(one.to_language)}"
    lines = [tongue.said(f"{ways} · {tongue.mode(one.mode)['text']}")]
    if one.whisper_sets:
        lines.append(tongue.gettext("Whisper sets: %(numbers)s", numbers=one.whisper_sets))
    if hours := hours_of(one.begins, one.ends):
        lines.append(tongue.said(hours))
    if one.contact:
        lines += lines_of(Passage(one.contact, "zxx"))
    return {"name": spoken(one.name), "lines": lines}


def _shown(stop: Stop, tongue: Tongue) -> dict[str, Any]:
    return {
        "at": _clock(stop.at) if stop.at else "",
        "minutes": str(stop.minutes),
        "name": spoken(stop.name),
        "priority": tongue.priority(stop.priority),
        "points": [spoken(point) for point in stop.points],
        "note-heading": tongue.gettext("Note"),
        "note": lines_of(stop.note),
    }


def _photographs(paper: Brief, tongue: Tongue) -> list[Said]:
    policy = tongue.photo_policy(paper.photo_policy)
    press = tongue.gettext("Press comes along.") if paper.with_press else None
    return [one for one in (policy, press) if one]


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def hours_of(begins: time | None, ends: time | None) -> str:
    return "–".join(_clock(one) for one in (begins, ends) if one)


def _maybe(passage: Passage | None) -> Said | None:
    return spoken(passage) if passage else None


def _title(titles: Iterable[Said]) -> str:
    return " · ".join(title["text"] for title in titles)


def _check_glyphs(told: Mapping[str, Any]) -> None:
    """Look each character up: typst leaves out, silently, what no font draws."""
    for text in _texts(told):
        if lacking := fonts.missing(text):
            raise UndrawableError(text, lacking)


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for one in told.values():
            yield from _texts(one)
    elif isinstance(told, (list, tuple)):
        for one in told:
            yield from _texts(one)
