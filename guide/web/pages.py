"""Turning a page into an answer: one frozen object that one template may see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Self

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guide.languages.catalogues import PUBLIC_WORDS, translations
from guide.languages.model import Language, Offer
from guide.web.assets import Assets

PUBLIC = "public, no-cache"
PRIVATE = "no-store"


@dataclass(frozen=True)
class Choice:
    """A language that a page can be read in, and where it stands there."""

    tag: str
    endonym: str
    direction: str
    path: str
    is_current: bool


@dataclass(frozen=True)
class Frame:
    """What surrounds every page: its language, and the way to the others."""

    lang: str
    direction: str
    endonym: str
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, request: Request, language: Language, languages: Offer) -> Self:
        """Make the frame; the other languages lead to the same page if it is a public one."""
        path, prefix = request.scope["path"], f"/{language.tag}/"
        rest = path.removeprefix(prefix) if path.startswith(prefix) else ""
        return cls.leading_to(rest, language, languages)

    @classmethod
    def leading_to(cls, rest: str, language: Language, languages: Offer) -> Self:
        """Make the frame of a page whose other languages lead to `/{tag}/{rest}`."""
        choices = tuple(
            Choice(
                one.tag,
                one.endonym,
                one.direction,
                f"/{one.tag}/{rest}",
                one.tag == language.tag,
            )
            for one in languages
        )
        return cls(language.tag, language.direction, language.endonym, choices)

    def direction_of(self, tag: str) -> str:
        """Return the direction of any language that is on, left to right for others."""
        return next((one.direction for one in self.choices if one.tag == tag), "ltr")

    def endonym_of(self, tag: str) -> str:
        """Return a language's name in itself."""
        return next((one.endonym for one in self.choices if one.tag == tag), tag)


@dataclass(frozen=True)
class Page:
    """What one template may see; subclasses name the template and nothing else reaches it."""

    template: ClassVar[str]
    cache_control: ClassVar[str] = PRIVATE
    catalogue: ClassVar[str] = PUBLIC_WORDS

    frame: Frame


class Templates:
    """The templates, once for each language, so that `_` speaks the page's language."""

    def __init__(self, folder: Path, app: FastAPI, assets: Assets) -> None:
        self._loader = FileSystemLoader(folder)
        self.path_for = _path_for(app)
        self._globals = {"path_for": self.path_for, "asset": assets.path}
        self.in_language = cache(self._environment)

    def _environment(self, tag: str, catalogue: str) -> Environment:
        jinja = Environment(
            loader=self._loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
        )
        jinja.globals.update(self._globals)
        words = translations(tag, catalogue)
        jinja.install_gettext_callables(  # type: ignore[attr-defined]  # added by ext.i18n
            words.ugettext, words.ungettext, newstyle=True
        )
        return jinja


def _path_for(app: FastAPI) -> Callable[..., str]:
    """Return what makes paths from the names of routes; a page has sixty, mostly the same."""

    @lru_cache(maxsize=10_000)
    def path_for(name: str, **parts: str) -> str:
        return str(app.url_path_for(name, **parts))

    return path_for


def render(
    request: Request,
    page: Page,
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Print a page in its language."""
    templates: Templates = request.app.state.templates
    jinja = templates.in_language(page.frame.lang, page.catalogue)
    body = jinja.get_template(page.template).render(page=page)
    told = {
        "Content-Language": page.frame.lang,
        "Cache-Control": page.cache_control if status == HTTPStatus.OK else PRIVATE,
    }
    return HTMLResponse(body, status, told | (headers or {}))
