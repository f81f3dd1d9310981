"""The office's frame: what surrounds every page that staff see.

Rooms above offer their areas to `Office`; who sees one is read from the rule of its route,
so that the navigation never shows what would not open.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from fastapi import FastAPI, Request

from guide.accounts.model import Role
from guide.accounts.permissions import Open, Person, rule_of, staff_routes
from guide.accounts.tokens import form_token
from guide.languages.catalogues import OFFICE_WORDS, locale
from guide.settings import Settings
from guide.web.pages import Choice, Frame, Page
from guide.web.reader import language_of_reader, offered

LANGUAGES = {"az": "Azərbaycanca", "en": "English"}
"""What the office speaks; both from left to right."""
FALLBACK = "en"


class NoSuchAreaError(Exception):
    """An area was offered whose route does not exist, or that is open to strangers."""


@dataclass(frozen=True)
class Area:
    """A part of the office: the word that names it (`shared/_office.html`), and who sees it."""

    name: str
    path: str
    roles: frozenset[Role]


class Office:
    """The areas in the order of the navigation."""

    def __init__(self, app: FastAPI, areas: Mapping[str, str]) -> None:
        """Take areas as names and the names of their routes; raise NoSuchAreaError."""
        routes = {route.name: route for route in staff_routes(app)}
        self.areas: list[Area] = []
        for name, route_name in areas.items():
            route = routes.get(route_name)
            rule = rule_of(route) if route else None
            if rule is None or isinstance(rule, Open):
                raise NoSuchAreaError(f"{name}: {route_name}")
            self.areas.append(Area(name, app.url_path_for(route_name), rule.roles))

    def seen_by(self, person: Person) -> tuple[Area, ...]:
        """Return the areas that somebody may enter."""
        return tuple(one for one in self.areas if person.is_any_of(*one.roles))


@dataclass(frozen=True)
class OfficeFrame(Frame):
    """What surrounds a page of the office; `who` is empty for somebody not signed in."""

    who: str
    roles: tuple[str, ...]
    areas: tuple[Area, ...]
    area: str
    form_token: str
    zone: ZoneInfo
    path: str

    @property
    def of_language(self) -> Frame:
        """Return what is the same for everybody who works in this language."""
        return Frame(self.lang, self.direction, self.endonym, self.choices)

    @classmethod
    def around(cls, request: Request, person: Person, area: str = "") -> Self:
        """Make the frame of a page of an area, in the language of the account."""
        office: Office = request.app.state.office
        secret: str = request.app.state.secret
        return cls(
            *_in_language(person.language),
            who=person.name,
            roles=tuple(role for role in Role if role in person.roles),
            areas=office.seen_by(person),
            area=area,
            form_token=form_token(secret, person.session_hash, secrets.token_hex(8)),
            zone=zone_of(request),
            path=request.scope["path"],
        )

    @classmethod
    def for_stranger(cls, request: Request) -> Self:
        """Make the frame of a page before sign-in, in the language of the reader."""
        tag = language_of_reader(request, offered(request)).tag
        return cls(
            *_in_language(tag),
            who="",
            roles=(),
            areas=(),
            area="",
            form_token="",
            zone=zone_of(request),
            path=request.scope["path"],
        )

    def moment(self, at: datetime) -> str:
        """Write an instant in the museum's time."""
        return format_datetime(
            at.astimezone(self.zone), "d MMMM y, HH:mm", locale=locale(self.lang)
        )


@dataclass(frozen=True)
class OfficePage(Page):
    """A page for staff; its words are those of the office."""

    catalogue: ClassVar[str] = OFFICE_WORDS

    frame: OfficeFrame


def frame_in(tag: str) -> Frame:
    """Make the frame of a page that is the same for everybody who works in a language."""
    return Frame(*_in_language(tag))


def _in_language(tag: str) -> tuple[str, str, str, tuple[Choice, ...]]:
    lang = tag if tag in LANGUAGES else FALLBACK
    choices = tuple(Choice(one, endonym, "ltr") for one, endonym in LANGUAGES.items())
    return lang, "ltr", LANGUAGES[lang], choices


def zone_of(request: Request) -> ZoneInfo:
    """Return the zone of the museum's clock."""
    settings: Settings = request.app.state.settings
    return ZoneInfo(settings.timezone)
