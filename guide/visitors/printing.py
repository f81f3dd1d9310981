"""Making the pages that the press keeps: from their path alone, each in one thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from fastapi import HTTPException
from fastapi.responses import Response
from starlette.routing import compile_path

from guide.exhibits.mapping import read_map
from guide.exhibits.showing import OnShow, ShownExhibit
from guide.qr.model import WithdrawnError
from guide.visitors.map_pages import MapPage
from guide.visitors.pages import (
    CodePage,
    ExhibitionPage,
    ExhibitPage,
    GlossaryPage,
    HomePage,
    LanguagesPage,
    PicturePage,
)
from guide.web.pages import Frame, Page, Templates, answer
from guide.web.reader import KnownLanguages, language_at


@dataclass(frozen=True)
class Asked:
    """What a printed page is made with: what is on show, the language's frame and chain."""

    on_show: OnShow
    frame: Frame
    path: str
    chain: tuple[str, ...]


Make = Callable[..., Page]
"""Makes a page from what was asked, and the slug if its address names one."""


def home(asked: Asked) -> Page:
    """Show the entrance."""
    center = asked.on_show.center()
    if center is None:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE)
    exhibitions = asked.on_show.exhibitions()
    return HomePage.of(asked.frame, asked.path, asked.chain, center, exhibitions)


def exhibition(asked: Asked, slug: str) -> Page:
    """Show an exhibition."""
    shown = asked.on_show.exhibition(slug)
    if shown is not None and shown.is_removed:
        raise WithdrawnError(None)
    if shown is None or not shown.is_open:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return ExhibitionPage.of(asked.frame, asked.path, asked.chain, shown)


def exhibit(asked: Asked, slug: str) -> Page:
    """Show an exhibit."""
    return ExhibitPage.of(asked.frame, asked.path, asked.chain, _on_show(asked, slug))


def picture(asked: Asked, slug: str) -> Page:
    """Show the picture of an exhibit large, without script."""
    page = PicturePage.of(asked.frame, asked.path, asked.chain, _on_show(asked, slug))
    if page is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return page


def house_map(asked: Asked) -> Page:
    """Show the halls and the routes; it is read when it is printed, once for each language."""
    with asked.on_show.database.rows() as rows:
        shown = read_map(rows)
    return MapPage.of(asked.frame, asked.path, asked.chain, shown)


def code(asked: Asked) -> Page:
    """Ask for a code."""
    return CodePage(asked.frame, asked.path)


def glossary(asked: Asked) -> Page:
    """Show the words of the texts and what they mean."""
    return GlossaryPage.of(asked.frame, asked.path, asked.chain, asked.on_show.words())


def languages(asked: Asked) -> Page:
    """Show the languages, each in its own name and leading to its entrance."""
    return LanguagesPage(asked.frame, f"/{asked.frame.lang}/")


PRINTED: Sequence[tuple[str, str, Make]] = (
    ("visitors.exhibit", "/{lang}/exhibits/{slug}", exhibit),
    ("visitors.exhibition", "/{lang}/exhibitions/{slug}", exhibition),
    ("visitors.home", "/{lang}/", home),
    ("visitors.picture", "/{lang}/exhibits/{slug}/picture", picture),
    ("visitors.languages", "/{lang}/languages", languages),
    ("visitors.glossary", "/{lang}/glossary", glossary),
    ("visitors.code", "/{lang}/code", code),
    ("visitors.map", "/{lang}/map", house_map),
)
"""The name of each address, the address, and what makes its page."""

_ADDRESSES = [(compile_path(address)[0], make) for _, address, make in PRINTED]


@dataclass(frozen=True)
class Found:
    """A page that can be printed: its path, the language in it, the slug if it names one."""

    make: Make
    path: str
    lang: str
    slug: tuple[str, ...]

    @classmethod
    def of(cls, make: Make, path: str, lang: str, slug: str | None = None) -> Self:
        """Take the parts of a path."""
        return cls(make, path, lang, (slug,) if slug else ())


class Printer:
    """Prints the pages of `PRINTED`."""

    def __init__(
        self, languages: KnownLanguages, on_show: OnShow, templates: Templates
    ) -> None:
        self.languages = languages
        self.on_show = on_show
        self.templates = templates

    def find(self, path: str) -> Found | None:
        """Find which page is at a path, if any can be."""
        for pattern, make in _ADDRESSES:
            if parts := pattern.fullmatch(path):
                return Found.of(make, path, **parts.groupdict())
        return None

    def print(self, found: Found) -> Response:
        """Print a page; raises what is not simply shown: an HTTPException, a withdrawal."""
        offer = self.languages.offer()
        language = language_at(found.path, found.lang, offer)
        frame = Frame.of(language, offer)
        asked = Asked(self.on_show, frame, found.path, language.chain)
        return answer(self.templates, found.make(asked, *found.slug))


def _on_show(asked: Asked, slug: str) -> ShownExhibit:
    shown = asked.on_show.exhibit(slug)
    if shown is not None and shown.is_withdrawn:
        raise WithdrawnError(None if shown.is_room_removed else shown.exhibition)
    if shown is None or not shown.is_published:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return shown
