"""Turning a page into an answer: one frozen object that one template may see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Protocol, Self
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from guide.languages.catalogues import OFFICE_WORDS, PUBLIC_WORDS, translations
from guide.languages.model import Language, Offer
from guide.web.assets import Assets
from guide.web.headers import SECRET_PATHS
from guide.web.spoken import SaidAtOnce

PUBLIC = "public, no-cache"
PRIVATE = "no-store"

PARTS = {
    PUBLIC_WORDS: {
        "icons": "shared/_icons.html",
        "words": "shared/_words.html",
        "pictures": "shared/_pictures.html",
        "kept": "shared/_kept.html",
    },
    OFFICE_WORDS: {"icons": "shared/_icons.html"},
}
"""What templates find by name. An import would cost each page what a whole section does."""

MOST_FRAMES = 64
"""Frames that are kept: one for each language, and what a change of languages leaves."""


@dataclass(frozen=True)
class Choice:
    """A language that a page can be read in."""

    tag: str
    endonym: str
    direction: str


class Tagged(Protocol):
    """Words, and the language that they are in."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Frame:
    """What surrounds every page in one language, and how words of another stand in it."""

    lang: str
    direction: str
    endonym: str
    choices: tuple[Choice, ...]

    @property
    def of_language(self) -> "Frame":
        """Return what of the frame is the same for everybody."""
        return self

    @classmethod
    def of(cls, language: Language, languages: Offer) -> Self:
        """Make the frame of a language among those that are on."""
        choices = tuple(Choice(one.tag, one.endonym, one.direction) for one in languages)
        return cls(language.tag, language.direction, language.endonym, choices)

    def direction_of(self, tag: str) -> str:
        """Return the direction of any language that is on, left to right for others."""
        return next((one.direction for one in self.choices if one.tag == tag), "ltr")

    def endonym_of(self, tag: str) -> str:
        """Return a language's name in itself."""
        return next((one.endonym for one in self.choices if one.tag == tag), tag)

    def tagged(self, words: Tagged) -> str:
        """Return words as a page says them: marked when they are in another language."""
        if words.language == self.lang:
            return words.text
        return Markup("<bdi{}>{}</bdi>").format(self.attributes(words.language), words.text)

    def attributes(self, language: str) -> str:
        """Return the attributes of an element in a language; none in the page's own."""
        if language == self.lang:
            return ""
        direction = self.direction_of(language)
        return Markup(' lang="{}" dir="{}"').format(language, direction)

    def turned(self, language: str) -> str:
        """Return the attribute of an element that runs the way of a language, if it must."""
        direction = self.direction_of(language)
        return "" if direction == self.direction else Markup(' dir="{}"').format(direction)


@dataclass(frozen=True)
class Page:
    """What one template may see; subclasses name the template and nothing else reaches it."""

    template: ClassVar[str]
    cache_control: ClassVar[str] = PRIVATE
    catalogue: ClassVar[str] = PUBLIC_WORDS

    frame: Frame


@dataclass(frozen=True)
class PublicPage(Page):
    """A page for visitors; one who changes the language is led to `path` in that one."""

    is_draft: ClassVar[bool] = False

    path: str


class Templates:
    """The templates, once for each frame: what is the same in it is printed once and kept."""

    def __init__(self, folder: Path, app: FastAPI, assets: Assets) -> None:
        self._loader = FileSystemLoader(folder)
        self.path_for = _path_for(app)
        self._globals = {"path_for": self.path_for, "asset": assets.path}
        self.within = lru_cache(MOST_FRAMES)(self._environment)

    def render(self, page: Page) -> str:
        """Print a page in its language."""
        jinja = self.within(page.frame.of_language, page.catalogue)
        return jinja.get_template(page.template).render(page=page)

    def _environment(self, frame: Frame, catalogue: str) -> Environment:
        jinja = Environment(
            loader=self._loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", SaidAtOnce],
            auto_reload=False,
        )
        words = translations(frame.lang, catalogue)
        jinja.install_gettext_callables(  # type: ignore[attr-defined]  # added by ext.i18n
            words.ugettext, words.ungettext, newstyle=True
        )
        jinja.globals.update(
            self._globals,
            say=words.ugettext,
            frame=frame,
            tagged=frame.tagged,
            attributes=cache(frame.attributes),
            turned=cache(frame.turned),
        )
        for name, template in PARTS[catalogue].items():
            jinja.globals[name] = jinja.get_template(template).module
        return jinja


def _path_for(app: FastAPI) -> Callable[..., str]:
    """Return what makes paths from the names of routes; a page has sixty, mostly the same."""

    @lru_cache(maxsize=10_000)
    def path_for(name: str, /, **parts: str) -> str:
        return str(app.url_path_for(name, **parts))

    return path_for


def render(
    request: Request,
    page: Page,
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Answer a request with a page."""
    return answer(request.app.state.templates, page, status, headers)


def answer(
    templates: Templates,
    page: Page,
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Print a page, with what every page says of itself."""
    told = {
        "Content-Language": page.frame.lang,
        "Cache-Control": page.cache_control if status == HTTPStatus.OK else PRIVATE,
    }
    return HTMLResponse(templates.render(page), status, told | (headers or {}))


def path_of(request: Request) -> str:
    """Return the path of a page that was asked for; the entrance for a secret, or a form."""
    path: str = request.scope["path"]
    is_page = request.method in {"GET", "HEAD"} and not path.startswith(SECRET_PATHS)
    return quote(path) if is_page else "/"
